package dev.gatehouse.controlplane.analytics;

import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.controlplane.usage.Counters;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Error budgets in PostgreSQL. Blocks: virtual threads only. */
final class BudgetStore {
  /** Fewer in the long of two times tell nobody anything. */
  static final int LEAST_BAD = 10;

  /** Of the range in which each range of response times begins to be too long. */
  private static final String SLOW =
      IntStream.range(0, LatencyBuckets.COUNT)
          .mapToObj(
              i -> "CASE WHEN o.bound <= %d THEN u.%s ELSE 0 END".formatted(i, Counters.latency(i)))
          .collect(Collectors.joining(" + ", "coalesce(", ", 0)"));

  private static final String ANSWERED = "u.billable - u.requests_0";

  /**
   * {@code $1} a tenant or null for all, {@code $2} the time. Whole days, hours and minutes with
   * the running one. Valid is what was let in and answered; what failed before it could be let in
   * counts as well, so that there are never more bad than valid ones.
   */
  private static final String COMPUTED =
      """
      WITH objective AS MATERIALIZED (
        SELECT * FROM tenant_objective WHERE $1::uuid IS NULL OR tenant_id = $1
      ), o AS MATERIALIZED (
        SELECT tenant_id, max(bound) AS bound, max(window_days) AS window_days
          FROM objective
         GROUP BY tenant_id
      ), counted AS (
        SELECT tenant_id, 'window' AS span,
               sum(a.billable - a.unanswered) AS answered, sum(a.informational) AS opened,
               sum(a.errors) AS errors,
               sum(CASE WHEN o.bound >= 1 THEN a.within[22] - a.within[o.bound] ELSE 0 END) AS slow
          FROM o JOIN activity_day a USING (tenant_id)
         WHERE a.day > ($2::timestamptz AT TIME ZONE 'UTC')::date - o.window_days
           AND a.day > ($2::timestamptz AT TIME ZONE 'UTC')::date
                       - (SELECT max(window_days) FROM o)
         GROUP BY tenant_id
        UNION ALL
        SELECT tenant_id, span.name, %1$s
          FROM (
            SELECT u.tenant_id,
                   CASE WHEN u.at > $2 - interval '5 minutes' THEN 3
                        WHEN u.at > $2 - interval '30 minutes' THEN 2 ELSE 1 END AS age,
                   sum(%2$s) AS answered, sum(u.requests_1) AS opened, sum(u.requests_5) AS errors,
                   sum(%3$s) AS slow
              FROM o JOIN usage_minute u USING (tenant_id)
             WHERE u.at > $2 - interval '1 hour' AND u.at <= $2
             GROUP BY 1, 2
          ) u JOIN (VALUES ('1h', 1), ('30m', 2), ('5m', 3)) AS span (name, age) ON u.age >= span.age
         GROUP BY 1, 2
        UNION ALL
        SELECT tenant_id, span.name, %1$s
          FROM (
            SELECT u.tenant_id,
                   CASE WHEN u.at > $2 - interval '6 hours' THEN 2 ELSE 1 END AS age,
                   sum(%2$s) AS answered, sum(u.requests_1) AS opened, sum(u.requests_5) AS errors,
                   sum(%3$s) AS slow
              FROM o JOIN usage_hour u USING (tenant_id)
             WHERE u.at > $2 - interval '3 days' AND u.at <= $2
             GROUP BY 1, 2
          ) u JOIN (VALUES ('3d', 1), ('6h', 2)) AS span (name, age) ON u.age >= span.age
         GROUP BY 1, 2
      ), spans AS (
        SELECT t.tenant_id, t.objective, c.span, bad.bad,
               greatest(
                 c.answered - CASE t.objective WHEN 'latency' THEN c.opened ELSE 0 END, bad.bad)
                 AS valid
          FROM objective t
          JOIN counted c USING (tenant_id)
         CROSS JOIN LATERAL (
                 SELECT CASE t.objective WHEN 'latency' THEN c.slow ELSE c.errors END AS bad) bad
      ), figures AS (
        SELECT t.tenant_id, t.objective, t.target, t.within_millis, t.bound, t.window_days,
               coalesce(max(s.valid) FILTER (WHERE span = 'window'), 0)::bigint AS valid,
               coalesce(max(s.bad) FILTER (WHERE span = 'window'), 0)::bigint AS bad,
               coalesce(max(s.bad) FILTER (WHERE span = '1h'), 0) AS bad_1h,
               coalesce(max(s.bad) FILTER (WHERE span = '6h'), 0) AS bad_6h,
               %4$s
          FROM objective t
          LEFT JOIN spans s USING (tenant_id, objective)
         GROUP BY 1, 2, 3, 4, 5, 6
      )
      SELECT tenant_id, objective, target, within_millis, bound, window_days, valid, bad,
             CASE WHEN valid = 0 THEN 1 ELSE 1 - bad / (valid * (1 - target / 100)) END AS remaining,
             burn_1h, burn_6h, burn_3d,
             (bad_1h >= %5$d AND burn_1h >= 0.48 * window_days AND burn_5m >= 0.48 * window_days)
             OR (bad_6h >= %5$d AND burn_6h >= 0.2 * window_days AND burn_30m >= 0.2 * window_days)
               AS burning,
             burn_1h < 0.48 * window_days AND burn_6h < 0.2 * window_days AS cooled
        FROM figures
      """
          .formatted(
              "sum(answered) AS answered, sum(opened) AS opened, sum(errors) AS errors, sum(slow) AS slow",
              ANSWERED,
              SLOW,
              burn("5m", "30m", "1h", "6h", "3d"),
              LEAST_BAD);

  private static final String REFRESH =
      """
      INSERT INTO error_budget AS known
             (tenant_id, objective, target, within_millis, bound, window_days, valid, bad, remaining,
              burn_1h, burn_6h, burn_3d, burning, cooled, computed_at)
      SELECT computed.*, $2::timestamptz FROM (%s) AS computed ORDER BY tenant_id, objective
      ON CONFLICT (tenant_id, objective) DO UPDATE
         SET target = excluded.target, within_millis = excluded.within_millis,
             bound = excluded.bound, window_days = excluded.window_days, valid = excluded.valid,
             bad = excluded.bad, remaining = excluded.remaining, burn_1h = excluded.burn_1h,
             burn_6h = excluded.burn_6h, burn_3d = excluded.burn_3d, burning = excluded.burning,
             cooled = excluded.cooled, computed_at = excluded.computed_at,
             burning_since = CASE WHEN NOT excluded.cooled THEN known.burning_since END,
             used_up_since = CASE WHEN excluded.remaining < 0.05 THEN known.used_up_since END
      """
          .formatted(COMPUTED);

  /**
   * The planner takes what it does not know for few rows, and would look each of them up in all the
   * others: with 10 000 tenants that is minutes instead of seconds.
   */
  private static final String FOR_ALL =
      """
      SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB';
      SET LOCAL statement_timeout = '2min'
      """;

  private static final String FORGET = "DELETE FROM error_budget WHERE computed_at < $1";

  private static final String OF_TENANT =
      """
      SELECT computed.*, $2::timestamptz AS computed_at, known.burning_since, known.used_up_since
        FROM (%s) AS computed
        LEFT JOIN error_budget known USING (tenant_id, objective)
       ORDER BY objective
      """
          .formatted(COMPUTED);

  private static final String ERASE = "DELETE FROM error_budget WHERE tenant_id = $1";

  /** Of what somebody is told. */
  enum Alert {
    BURNING("burning", "burning"),
    USED_UP("used_up", "remaining <= 0 AND bad >= " + LEAST_BAD);

    private final String sql;

    Alert(String column, String condition) {
      this.sql =
          """
          UPDATE error_budget SET %1$s_since = $1
           WHERE (tenant_id, objective) IN (
                   SELECT tenant_id, objective FROM error_budget
                    WHERE %1$s_since IS NULL AND %2$s
                    ORDER BY tenant_id, objective LIMIT $2)
          RETURNING *
          """
              .formatted(column, condition);
    }
  }

  private static String burn(String... spans) {
    return Arrays.stream(spans)
        .map(span ->
            """
            coalesce(max(s.bad / nullif(s.valid, 0)) FILTER (WHERE span = '%1$s'), 0)
              / (1 - t.target / 100) AS burn_%1$s\
            """
                .formatted(span))
        .collect(Collectors.joining(",\n"));
  }

  /** Computes all anew. */
  void refresh(SqlConnection tx, Instant now) {
    tx.query(FOR_ALL).execute().await();
    tx.preparedQuery(REFRESH).execute(Tuple.of((UUID) null, utc(now))).await();
    tx.preparedQuery(FORGET).execute(Tuple.of(utc(now))).await();
  }

  /** Those of which somebody is to be told and was not; they count as told now. */
  List<ErrorBudget> tell(SqlConnection tx, Alert alert, Instant now, int most) {
    return budgets(tx.preparedQuery(alert.sql).execute(Tuple.of(utc(now), most)).await(), false);
  }

  /** As they were computed last, the least remaining first. */
  List<ErrorBudget> list(
      SqlConnection connection, String state, Optional<String> after, int count) {
    String only =
        switch (state) {
          case "burning" -> "AND b.burning_since IS NOT NULL";
          case "used-up" -> "AND b.remaining <= 0";
          default -> "";
        };
    String sql =
        """
        SELECT b.*, t.slug, t.plan
          FROM error_budget b JOIN tenant t ON t.id = b.tenant_id
         WHERE (b.remaining, b.tenant_id, b.objective)
               > ($1::double precision, $2::uuid, $3::text) %s
         ORDER BY b.remaining, b.tenant_id, b.objective LIMIT $4
        """
            .formatted(only);
    return budgets(
        connection.preparedQuery(sql).execute(Ranked.behind(after, count)).await(), true);
  }

  /** Those of one tenant, computed now. */
  List<ErrorBudget> ofTenant(SqlConnection connection, UUID tenant, Instant now) {
    Tuple values = Tuple.of(tenant, utc(now));
    return budgets(connection.preparedQuery(OF_TENANT).execute(values).await(), false);
  }

  /** Forgets those of a tenant. */
  void erase(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(ERASE).execute(Tuple.of(tenant)).await();
  }

  private static List<ErrorBudget> budgets(Iterable<Row> rows, boolean withTenant) {
    List<ErrorBudget> budgets = new ArrayList<>();
    rows.forEach(row -> budgets.add(ErrorBudget.of(row, withTenant)));
    return budgets;
  }
}
