package dev.gatehouse.controlplane.analytics;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Growth from what PostgreSQL has of each day. Virtual threads only. */
final class GrowthStore {
  /** {@code $1} begin of the first period, {@code $2} of the last, {@code $3} the step. */
  private static final String PERIODS =
      """
      WITH period AS (
        SELECT p::date AS first, (p + ('1 ' || $3::text)::interval)::date AS next
          FROM generate_series(
               $1::date::timestamp, $2::date::timestamp, ('1 ' || $3::text)::interval) AS p
      )\
      """;

  /** {@code $4} the day behind today. The last day of a period knows who was active in it. */
  private static final String TOTALS =
      """
      , sums AS (
        SELECT date_trunc($3, day::timestamp)::date AS first, plan,
               bounded(sum(active)) AS active_days, bounded(sum(requests)) AS requests,
               bounded(sum(bytes)) AS bytes, bounded(sum(errors)) AS errors
          FROM activity_total
         WHERE day >= $1 AND day < least($2::date + ('1 ' || $3::text)::interval, $4::date)
         GROUP BY 1, 2
      ), ends AS (
        SELECT p.first, t.plan, t.weekly, t.monthly,
               CASE $3 WHEN 'day' THEN t.active WHEN 'week' THEN t.since_monday
                       ELSE t.since_first END AS active
          FROM period p
          JOIN activity_total t ON t.day = (
               SELECT max(day) FROM activity_total
                WHERE day >= p.first AND day < least(p.next, $4::date))
      )\
      """;

  private static final String PLATFORM =
      PERIODS
          + TOTALS
          + """
          , made AS (
            SELECT date_trunc($3, created_at AT TIME ZONE 'UTC')::date AS first, count(*) AS created
              FROM tenant GROUP BY 1
          ), moved AS (
            SELECT date_trunc($3, at AT TIME ZONE 'UTC')::date AS first,
                   count(*) FILTER (WHERE to_status = 'active') AS activated,
                   count(*) FILTER (WHERE to_status = 'suspended') AS suspended,
                   count(*) FILTER (WHERE to_status = 'archived') AS archived,
                   count(*) FILTER (WHERE to_status = 'deleted') AS deleted
              FROM tenant_transition WHERE from_status IS NOT NULL GROUP BY 1
          ), used AS (
            SELECT first, bounded(sum(active_days)) AS active_days, bounded(sum(requests)) AS requests,
                   bounded(sum(bytes)) AS bytes, bounded(sum(errors)) AS errors
              FROM sums GROUP BY 1
          ), ended AS (
            SELECT first, bounded(sum(active)) AS active, bounded(sum(weekly)) AS weekly,
                   bounded(sum(monthly)) AS monthly
              FROM ends GROUP BY 1
          )
          SELECT p.first, p.next, NULL::text AS plan, m.created, v.activated, v.suspended, v.archived,
                 v.deleted,
                 (SELECT coalesce(sum(created), 0)::bigint FROM made WHERE made.first <= p.first)
                 - (SELECT coalesce(sum(deleted), 0)::bigint FROM moved WHERE moved.first <= p.first)
                   AS total,
                 e.active, e.weekly, e.monthly, u.active_days, u.requests, u.bytes, u.errors
            FROM period p
            LEFT JOIN made m USING (first)
            LEFT JOIN moved v USING (first)
            LEFT JOIN used u USING (first)
            LEFT JOIN ended e USING (first)
           ORDER BY p.first
          """;

  /** Tenants by the plan that they were on when the period ended, or are on now. */
  private static final String BY_PLAN =
      PERIODS
          + TOTALS
          + """
          , held AS (
            SELECT p.first, coalesce(s.plan, '') AS plan, count(*) AS total
              FROM period p
              JOIN subscription_period s
                ON s.starts_at < least(p.next::timestamp AT TIME ZONE 'UTC', now())
               AND (s.ends_at IS NULL OR s.ends_at >= least(p.next::timestamp AT TIME ZONE 'UTC', now()))
             GROUP BY 1, 2
          )
          SELECT p.first, p.next, plan, h.total, e.active, u.active_days, u.requests, u.bytes, u.errors
            FROM period p
            JOIN (held h FULL JOIN sums u USING (first, plan)
                         LEFT JOIN ends e USING (first, plan)) USING (first)
           WHERE h.total > 0 OR u.requests > 0
           ORDER BY p.first, plan
          """;

  private static final String OF_TENANT =
      PERIODS
          + """

          SELECT p.first, p.next, NULL::text AS plan, bounded(coalesce(sum(a.requests), 0)) AS requests,
                 bounded(coalesce(sum(a.bytes), 0)) AS bytes,
                 bounded(coalesce(sum(a.errors), 0)) AS errors,
                 count(*) FILTER (WHERE a.billable > 0) AS active_days
            FROM period p
            LEFT JOIN activity_day a
              ON a.tenant_id = $5 AND a.day >= p.first AND a.day < p.next AND a.day < $4
           GROUP BY 1, 2
           ORDER BY 1
          """;

  /** A row for each period, and each plan where that is asked for. */
  List<JsonObject> platform(SqlConnection connection, GrowthQuery query, Instant now) {
    String sql = query.byPlan() ? BY_PLAN : PLATFORM;
    return compared(connection.preparedQuery(sql).execute(values(query, now)).await(), query, now);
  }

  /** A row for each period. */
  List<JsonObject> ofTenant(SqlConnection connection, UUID tenant, GrowthQuery query, Instant now) {
    Tuple values = values(query, now).addUUID(tenant);
    return compared(connection.preparedQuery(OF_TENANT).execute(values).await(), query, now);
  }

  private static Tuple values(GrowthQuery query, Instant now) {
    return Tuple.of(query.before(), query.last(), query.step().wireName(), today(now).plusDays(1));
  }

  private static LocalDate today(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  /** Each with its change against the one before; that of the first is not shown. */
  private static List<JsonObject> compared(Iterable<Row> rows, GrowthQuery query, Instant now) {
    List<JsonObject> items = new ArrayList<>();
    Map<String, JsonObject> before = new HashMap<>();
    for (Row row : rows) {
      String plan = Optional.ofNullable(row.getString("plan")).orElse("");
      JsonObject item = item(row, query, today(now));
      JsonObject previous = before.put(plan, item);
      if (previous != null
          && item.getBoolean("complete")
          && previous.getString("to").equals(item.getString("from"))) {
        change(item, previous, "requests");
        change(item, previous, "bytes");
      }
      if (!row.getLocalDate("first").isBefore(query.first())) {
        items.add(item);
      }
    }
    return items;
  }

  private static void change(JsonObject item, JsonObject previous, String name) {
    long was = previous.getLong(name);
    if (was > 0) {
      double change = (item.getLong(name) - was) * 100.0 / was;
      item.put(name + "Change", Math.round(change * 10) / 10.0);
    }
  }

  private static JsonObject item(Row row, GrowthQuery query, LocalDate today) {
    LocalDate first = row.getLocalDate("first");
    LocalDate next = row.getLocalDate("next");
    JsonObject item =
        new JsonObject()
            .put("from", first.toString())
            .put("to", next.toString())
            .put("complete", !next.isAfter(today));
    if (query.byPlan()) {
      item.put("plan", row.getString("plan"));
    }
    if (row.getColumnIndex("total") >= 0) {
      addActivity(item, row, daysOf(first, next, today));
    } else {
      item.put("activeDays", number(row, "active_days"));
    }
    return item.put("requests", number(row, "requests"))
        .put("bytes", number(row, "bytes"))
        .put("errors", number(row, "errors"));
  }

  private static void addActivity(JsonObject item, Row row, long days) {
    JsonObject tenants = new JsonObject();
    boolean moves = row.getColumnIndex("created") >= 0;
    if (moves) {
      for (String name : List.of("created", "activated", "suspended", "archived", "deleted")) {
        tenants.put(name, number(row, name));
      }
      tenants.put("net", number(row, "created") - number(row, "deleted"));
    }
    double daily = days <= 0 ? 0 : number(row, "active_days") / (double) days;
    item.put("tenants", tenants.put("total", number(row, "total")))
        .put("active", number(row, "active"))
        .put("averageDaily", Math.round(daily * 10) / 10.0);
    if (moves) {
      long monthly = number(row, "monthly");
      item.put("weekly", number(row, "weekly")).put("monthly", monthly);
      if (monthly > 0) {
        item.put("stickiness", Math.round(daily * 1000 / monthly) / 10.0);
      }
    }
  }

  /** Those that have begun. */
  private static long daysOf(LocalDate first, LocalDate next, LocalDate today) {
    LocalDate end = next.isAfter(today) ? today.plusDays(1) : next;
    return end.toEpochDay() - first.toEpochDay();
  }

  private static long number(Row row, String column) {
    return Optional.ofNullable(row.getLong(column)).orElse(0L);
  }
}
