package dev.gatehouse.controlplane.usage;

import static dev.gatehouse.controlplane.database.SqlTime.instant;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What counts for monthly quotas, in PostgreSQL. Blocks: virtual threads only. */
final class QuotaStore {
  private static final String ADD =
      """
      INSERT INTO usage_month AS known (tenant_id, month, requests, bytes)
      SELECT added.tenant_id, $1, least(sum(added.requests), %1$d), least(sum(added.bytes), %1$d)
        FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS added (tenant_id, requests, bytes)
        JOIN tenant t ON t.id = added.tenant_id AND t.status <> 'deleted'
       GROUP BY added.tenant_id
       ORDER BY added.tenant_id
      ON CONFLICT (month, tenant_id) DO UPDATE
         SET requests = least(known.requests + excluded.requests, %1$d),
             bytes = least(known.bytes + excluded.bytes, %1$d)
      """
          .formatted(1000 * RouteUsage.MOST);

  private static final String REACH =
      """
      INSERT INTO usage_alert (tenant_id, month, quota, percent)
      SELECT m.tenant_id, m.month, quota.name, level.percent
        FROM usage_month m
        JOIN tenant_quota q USING (tenant_id)
       CROSS JOIN LATERAL (VALUES
               ('requestsPerMonth', m.requests, q.requests),
               ('bandwidthGbPerMonth', m.bytes, q.bytes)
             ) AS quota (name, used, most)
       CROSS JOIN (VALUES (80), (100)) AS level (percent)
       WHERE m.month = $1
         AND m.tenant_id = ANY($2)
         AND quota.used * 100::numeric >= quota.most * level.percent
       ORDER BY m.tenant_id, quota.name, level.percent
      ON CONFLICT DO NOTHING
      RETURNING tenant_id, quota, percent
      """;

  private static final String NEAR_QUOTA =
      """
      SELECT m.tenant_id, m.requests, m.bytes
        FROM usage_month m
        JOIN tenant_quota q USING (tenant_id)
       WHERE m.month = $1
         AND (m.requests * 100::numeric >= q.requests * $2
              OR m.bytes * 100::numeric >= q.bytes * $2)
      """;

  private static final String OF_TENANT =
      """
      SELECT quota.name, quota.most::bigint AS most, coalesce(quota.used, 0) AS used,
             (SELECT min(reached_at) FROM usage_alert a
               WHERE a.tenant_id = q.tenant_id AND a.month = $2 AND a.quota = quota.name
                 AND a.percent = 80) AS warned_at,
             (SELECT min(reached_at) FROM usage_alert a
               WHERE a.tenant_id = q.tenant_id AND a.month = $2 AND a.quota = quota.name
                 AND a.percent = 100) AS used_up_at
        FROM tenant_quota q
        LEFT JOIN usage_month m ON m.tenant_id = q.tenant_id AND m.month = $2
       CROSS JOIN LATERAL (VALUES
               ('requestsPerMonth', m.requests, q.requests),
               ('bandwidthGbPerMonth', m.bytes, q.bytes)
             ) AS quota (name, used, most)
       WHERE q.tenant_id = $1
      """;

  private static final String HISTORY =
      """
      SELECT day, billable, bytes FROM activity_day
       WHERE tenant_id = $1 AND day >= $2::date - $3::int AND day < $2 ORDER BY day
      """;

  /** A quota that a tenant has come so far with. */
  record Reached(UUID tenant, String quota, int percent) {}

  /** Adds a report to its month. */
  void add(SqlConnection tx, YearMonth month, UsageReport report) {
    List<RouteUsage> routes = report.routes();
    Tuple values = Tuple.of(month.atDay(1));
    values.addArrayOfUUID(routes.stream().map(RouteUsage::tenant).toArray(UUID[]::new));
    values.addArrayOfLong(routes.stream().map(RouteUsage::billable).toArray(Long[]::new));
    values.addArrayOfLong(
        routes.stream().map(usage -> usage.bytesIn() + usage.bytesOut()).toArray(Long[]::new));
    tx.preparedQuery(ADD).execute(values).await();
  }

  /** Those of the tenants that have come to 80 or 100 percent of a quota, each once a month. */
  List<Reached> reach(SqlConnection tx, YearMonth month, List<UUID> tenants) {
    Tuple values = Tuple.of(month.atDay(1)).addArrayOfUUID(tenants.toArray(UUID[]::new));
    List<Reached> reached = new ArrayList<>();
    for (Row row : tx.preparedQuery(REACH).execute(values).await()) {
      reached.add(
          new Reached(row.getUUID("tenant_id"), row.getString("quota"), row.getInteger("percent")));
    }
    return reached;
  }

  /** What gateways are told. */
  MonthlyUse nearQuota(SqlConnection connection, YearMonth month) {
    Tuple values = Tuple.of(month.atDay(1), MonthlyUse.FROM_PERCENT);
    List<MonthlyUse.Used> used = new ArrayList<>();
    for (Row row : connection.preparedQuery(NEAR_QUOTA).execute(values).await()) {
      used.add(
          new MonthlyUse.Used(
              row.getUUID("tenant_id"), row.getLong("requests"), row.getLong("bytes")));
    }
    return new MonthlyUse(month, used);
  }

  /** A tenant's quotas with what it used of them; also those that have no limit. */
  List<Quota> ofTenant(SqlConnection connection, UUID tenant, YearMonth month, Instant now) {
    LocalDate first = month.atDay(1);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Row> days = new ArrayList<>();
    connection
        .preparedQuery(HISTORY)
        .execute(Tuple.of(tenant, today, UsageForecast.DAYS))
        .await()
        .forEach(days::add);
    List<Quota> quotas = new ArrayList<>();
    for (Row row : connection.preparedQuery(OF_TENANT).execute(Tuple.of(tenant, first)).await()) {
      String name = row.getString("name");
      String column = name.equals("requestsPerMonth") ? "billable" : "bytes";
      double[] history =
          UsageForecast.history(
              days.stream().map(day -> day.getLocalDate("day")).toArray(LocalDate[]::new),
              days.stream().map(day -> day.getLong(column)).toArray(Long[]::new),
              today);
      Optional<Long> most = Optional.ofNullable(row.getLong("most"));
      long used = row.getLong("used");
      quotas.add(
          new Quota(
              name,
              most,
              used,
              instant(row, "warned_at"),
              instant(row, "used_up_at"),
              UsageForecast.of(history, used, most, now)));
    }
    return quotas;
  }
}
