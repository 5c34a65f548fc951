package dev.gatehouse.controlplane.analytics;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How long tenants stay active: cohorts, and those that went quiet. Virtual threads only. */
final class CohortStore {
  /** Numbers of a month only grow: who is deleted within it was active nevertheless. */
  private static final String REFRESH =
      """
      INSERT INTO activity_cohort AS known (cohort, month, active)
      SELECT date_trunc('month', t.created_at AT TIME ZONE 'UTC')::date, m.month, count(*)
        FROM usage_month m
        JOIN tenant t ON t.id = m.tenant_id
       WHERE m.requests > 0 AND m.month >= $1::date - interval '1 month'
       GROUP BY 1, 2
      ON CONFLICT (cohort, month) DO UPDATE SET active = greatest(known.active, excluded.active)
      """;

  private static final String LIST =
      """
      SELECT c.cohort, c.tenants,
             (SELECT array_agg(coalesce(a.active, 0) ORDER BY months.at)
                FROM generate_series(c.cohort::timestamp, $2::date::timestamp, interval '1 month') AS months (at)
                LEFT JOIN activity_cohort a ON a.cohort = c.cohort AND a.month = months.at::date) AS active
        FROM (SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS cohort,
                     count(*) AS tenants
                FROM tenant GROUP BY 1) AS c
       WHERE c.cohort >= $1
       ORDER BY c.cohort
      """;

  private static final String QUIET =
      """
      SELECT quiet.*, (SELECT bounded(coalesce(sum(a.billable), 0)) FROM activity_day a
                        WHERE a.tenant_id = quiet.id
                          AND a.day > quiet.day - 30 AND a.day <= quiet.day) AS requests
        FROM (
          SELECT t.id, t.slug, t.name, t.plan, latest.day
            FROM tenant t
           CROSS JOIN LATERAL (
                   SELECT a.day FROM activity_day a
                    WHERE a.tenant_id = t.id AND a.billable > 0
                    ORDER BY a.day DESC LIMIT 1) AS latest
           WHERE t.status = 'active' AND latest.day <= $1
             AND ($2::date IS NULL OR (latest.day, t.id) < ($2, $3::uuid))
           ORDER BY latest.day DESC, t.id DESC
           LIMIT $4
        ) AS quiet
       ORDER BY quiet.day DESC, quiet.id DESC
      """;

  void refresh(SqlConnection tx, Instant now) {
    tx.preparedQuery(REFRESH).execute(Tuple.of(monthOf(now).atDay(1))).await();
  }

  /** The cohorts of the last months, the newest last. */
  List<JsonObject> cohorts(SqlConnection connection, int months, Instant now) {
    YearMonth current = monthOf(now);
    Tuple values = Tuple.of(current.minusMonths(months - 1L).atDay(1), current.atDay(1));
    List<JsonObject> cohorts = new ArrayList<>();
    for (Row row : connection.preparedQuery(LIST).execute(values).await()) {
      long tenants = row.getLong("tenants");
      JsonArray active = new JsonArray();
      JsonArray shares = new JsonArray();
      for (Long count : row.getArrayOfLongs("active")) {
        active.add(count);
        shares.add(Math.round(count * 1000.0 / tenants) / 10.0);
      }
      cohorts.add(
          new JsonObject()
              .put("cohort", YearMonth.from(row.getLocalDate("cohort")).toString())
              .put("tenants", tenants)
              .put("active", active)
              .put("shares", shares));
    }
    return cohorts;
  }

  /** Active tenants that were last heard of so many days ago or before, the latest first. */
  List<JsonObject> quiet(
      SqlConnection connection, int days, Optional<String> after, int count, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    @Nullable LocalDate day = after.map(key -> LocalDate.parse(key.substring(0, 10))).orElse(null);
    @Nullable UUID id = after.map(key -> UUID.fromString(key.substring(11))).orElse(null);
    Tuple values = Tuple.of(today.minusDays(days), day, id, count);
    List<JsonObject> quiet = new ArrayList<>();
    for (Row row : connection.preparedQuery(QUIET).execute(values).await()) {
      JsonObject tenant =
          new JsonObject()
              .put("tenant", row.getUUID("id").toString())
              .put("slug", row.getString("slug"))
              .put("name", row.getString("name"));
      Optional.ofNullable(row.getString("plan")).ifPresent(plan -> tenant.put("plan", plan));
      LocalDate last = row.getLocalDate("day");
      quiet.add(
          tenant
              .put("lastActiveDay", last.toString())
              .put("quietDays", ChronoUnit.DAYS.between(last, today))
              .put("requestsBefore", row.getLong("requests")));
    }
    return quiet;
  }

  /** Where a list of quiet tenants goes on behind one. */
  static String key(JsonObject quiet) {
    return quiet.getString("lastActiveDay") + " " + quiet.getString("tenant");
  }

  private static YearMonth monthOf(Instant time) {
    return YearMonth.from(time.atOffset(ZoneOffset.UTC));
  }
}
