package dev.gatehouse.controlplane.usage;

import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.controlplane.usage.Counters.Counter;
import dev.gatehouse.controlplane.usage.UsageQuery.Group;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Counts in PostgreSQL. Blocks: virtual threads only. */
final class UsageStore {
  private static final UUID NO_ROUTE = new UUID(0, 0);
  private static final int ERASED_AT_ONCE = 2000;

  /** One row a run of a gateway; runs that were not heard of for a month are forgotten. */
  private static final String TAKE =
      """
      WITH forgotten AS (
        DELETE FROM usage_report WHERE seen_at < now() - interval '30 days'
           AND (gateway, run) <> ($1, $2)
      )
      INSERT INTO usage_report AS known (gateway, run, sequence) VALUES ($1, $2, $3)
      ON CONFLICT (gateway, run) DO UPDATE
         SET sequence = excluded.sequence, seen_at = now()
       WHERE known.sequence < excluded.sequence
      """;

  /** Whoever adds the hour up waits for those who still add to it, and they for that. */
  private static final String HOLD_HOUR =
      "SELECT pg_advisory_xact_lock_shared(hashtextextended('usage ' || $1, 0))";

  /**
   * No more than a report may say: gateways repeat a report that cannot be added, and tell nothing
   * else until then. Routes and services that are not there, or not any more, count as none: there
   * are as many rows as can be looked at, whatever a gateway makes up.
   */
  private static final String ADD =
      """
      INSERT INTO usage_minute AS known (at, tenant_id, route_id, service, %s)
      SELECT $1, added.tenant_id, coalesce(r.id, '00000000-0000-0000-0000-000000000000'),
             coalesce(s.name, ''), %s
        FROM unnest($2::uuid[], $3::uuid[], $4::text[], %s)
             AS added (tenant_id, route_id, service, %s)
        JOIN tenant t ON t.id = added.tenant_id AND t.status <> 'deleted'
        LEFT JOIN route r ON r.id = added.route_id
        LEFT JOIN service s ON s.name = added.service
       GROUP BY 2, 3, 4
       ORDER BY 2, 3, 4
      ON CONFLICT (tenant_id, at, route_id, service) DO UPDATE SET %s
      """
          .formatted(
              Counters.each("%1$s"),
              Counters.each("least(sum(added.%1$s), " + RouteUsage.MOST + ")::bigint"),
              IntStream.range(0, Counters.ALL.size())
                  .mapToObj(i -> "$" + (i + 5) + "::bigint[]")
                  .collect(Collectors.joining(", ")),
              Counters.each("%1$s"),
              Counters.each("%1$s = least(known.%1$s + excluded.%1$s, " + RouteUsage.MOST + ")"));

  private static final String DUE =
      "INSERT INTO usage_due (step, at) VALUES ('hour', $1) ON CONFLICT DO NOTHING";

  private static final String LOST =
      """
      INSERT INTO usage_lost (gateway, run, sequence, starts_at, ends_at, reason)
      VALUES ($1, $2, $3, $4, $5, $6)
      """;

  private static final String LOST_WITHIN =
      """
      SELECT gateway, starts_at, ends_at, reason
        FROM (SELECT *, row_number() OVER (PARTITION BY gateway ORDER BY starts_at DESC) AS latest
                FROM usage_lost WHERE ends_at >= $1 AND starts_at < $2) AS lost
       WHERE latest <= 100 ORDER BY starts_at, gateway LIMIT 1000
      """;

  private static final List<String> OF_TENANTS =
      List.of(
          erasing("usage_minute", "tenant_id, at, route_id, service"),
          erasing("usage_hour", "tenant_id, at, route_id, service"),
          erasing("usage_day", "tenant_id, at, route_id, service"),
          erasing("usage_month", "month, tenant_id"),
          erasing("usage_alert", "tenant_id, month, quota, percent"));

  private static String erasing(String table, String key) {
    return "DELETE FROM %1$s WHERE (%2$s) IN (SELECT %2$s FROM %1$s WHERE tenant_id = $1 LIMIT %3$d)"
        .formatted(table, key, ERASED_AT_ONCE);
  }

  /** Whether the report is newer than all that its run has handed in. */
  boolean isNew(SqlConnection tx, UsageReport report) {
    return tx.preparedQuery(TAKE)
            .execute(Tuple.of(report.gateway(), report.run(), report.sequence()))
            .await()
            .rowCount()
        == 1;
  }

  /** Adds it to the minute in which it began. */
  void add(SqlConnection tx, UsageReport report) {
    OffsetDateTime hour = utc(Step.HOUR.begin(report.from()));
    tx.preparedQuery(HOLD_HOUR).execute(Tuple.of(hour.toString())).await();
    Tuple values = Tuple.of(utc(Step.MINUTE.begin(report.from())));
    List<RouteUsage> routes = report.routes();
    values.addArrayOfUUID(routes.stream().map(RouteUsage::tenant).toArray(UUID[]::new));
    values.addArrayOfUUID(
        routes.stream().map(usage -> usage.route().orElse(NO_ROUTE)).toArray(UUID[]::new));
    values.addArrayOfString(routes.stream().map(RouteUsage::service).toArray(String[]::new));
    for (Counter counter : Counters.ALL) {
      values.addArrayOfLong(
          routes.stream().map(usage -> counter.of().applyAsLong(usage)).toArray(Long[]::new));
    }
    tx.preparedQuery(ADD).execute(values).await();
    tx.preparedQuery(DUE).execute(Tuple.of(hour)).await();
  }

  /** Keeps what a report says is missing. */
  void addLost(SqlConnection tx, UsageReport report) {
    report
        .lost()
        .ifPresent(lost ->
            tx.preparedQuery(LOST)
                .execute(
                    Tuple.of(
                        report.gateway(),
                        report.run(),
                        report.sequence(),
                        utc(lost.from()),
                        utc(lost.to()),
                        lost.why().wireName()))
                .await());
  }

  /** Forgets what is older than days are kept. */
  static void forgetLost(SqlConnection tx, Duration keep) {
    tx.preparedQuery(
            "DELETE FROM usage_lost WHERE ends_at < now() - make_interval(days => $1::int)")
        .execute(Tuple.of((int) keep.toDays()))
        .await();
  }

  /** The times of which counts are missing, as documents. */
  List<JsonObject> lostWithin(SqlConnection connection, Instant from, Instant to) {
    List<JsonObject> lost = new ArrayList<>();
    for (Row row :
        connection.preparedQuery(LOST_WITHIN).execute(Tuple.of(utc(from), utc(to))).await()) {
      lost.add(
          JsonObject.of(
              "gateway", row.getString("gateway"),
              "from", row.getOffsetDateTime("starts_at").toInstant().toString(),
              "to", row.getOffsetDateTime("ends_at").toInstant().toString(),
              "why", row.getString("reason")));
    }
    return lost;
  }

  /** What was done, in the order of time, or the most first where the step is the whole range. */
  List<UsageRow> rows(SqlConnection connection, UsageQuery query) {
    List<UsageRow> rows = new ArrayList<>();
    Tuple values = Tuple.of(utc(query.from()), utc(query.to()), query.rows());
    query.tenant().ifPresent(values::addUUID);
    for (Row row : connection.preparedQuery(sql(query)).execute(values).await()) {
      rows.add(rowOf(query, row));
    }
    return rows;
  }

  /** Forgets some of what a tenant did; whether nothing is left. */
  boolean erase(SqlConnection tx, UUID tenant) {
    for (String erasing : OF_TENANTS) {
      if (tx.preparedQuery(erasing).execute(Tuple.of(tenant)).await().rowCount() > 0) {
        return false;
      }
    }
    DailyActivity.disown(tx, tenant);
    return true;
  }

  private static String sql(UsageQuery query) {
    String time = query.step() == Step.TOTAL ? "NULL::timestamptz" : "at";
    String key = keyOf(query.group());
    return """
    SELECT used.*, %s AS label FROM (
      SELECT %s AS at, %s AS key, %s
        FROM %s
       WHERE at >= $1 AND at < $2 %s
       GROUP BY 1, 2
    ) AS used %s
    ORDER BY used.at, %s DESC, used.key LIMIT $3
    """
        .formatted(
            labelOf(query.group()),
            time,
            key,
            Counters.each("bounded(sum(%1$s)) AS %1$s"),
            query.table(),
            query.tenant().isPresent() ? "AND tenant_id = $4" : "",
            labelsOf(query.group()),
            query.order().sql());
  }

  private static String keyOf(Group group) {
    return switch (group) {
      case NONE -> "NULL::text";
      case ROUTE -> "route_id::text";
      case SERVICE -> "service";
      case TENANT -> "tenant_id::text";
    };
  }

  private static String labelOf(Group group) {
    return switch (group) {
      case NONE, SERVICE -> "NULL::text";
      case ROUTE ->
          """
          coalesce(r.document ->> 'pathPrefix', r.document ->> 'pathExact',
                   r.document ->> 'pathTemplate')\
          """;
      case TENANT -> "t.slug";
    };
  }

  private static String labelsOf(Group group) {
    return switch (group) {
      case NONE, SERVICE -> "";
      case ROUTE -> "LEFT JOIN route r ON r.id = used.key::uuid";
      case TENANT -> "LEFT JOIN tenant t ON t.id = used.key::uuid";
    };
  }

  private static UsageRow rowOf(UsageQuery query, Row row) {
    Optional<Instant> at =
        Optional.ofNullable(row.getOffsetDateTime("at")).map(OffsetDateTime::toInstant);
    Optional<UsageRow.Grouped> group =
        Optional.ofNullable(row.getString("key"))
            .map(key ->
                new UsageRow.Grouped(
                    query.group().wireName(),
                    key.equals(NO_ROUTE.toString()) ? "" : key,
                    Optional.ofNullable(row.getString("label")).orElse("")));
    return new UsageRow(at, group, Counters.read(row));
  }
}
