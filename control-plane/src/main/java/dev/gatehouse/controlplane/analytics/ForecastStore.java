package dev.gatehouse.controlplane.analytics;

import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.controlplane.usage.UsageForecast;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When monthly quotas will be used up, in PostgreSQL. Virtual threads only. */
final class ForecastStore {
  /** Tenants that are looked at with their histories at once. */
  private static final int BATCH = 1000;

  /** Behind all times, in seconds: those that do not end come after those that do. */
  private static final double NEVER = 1e12;

  private static final String KNOWN =
      """
      SELECT q.tenant_id, q.requests::bigint AS most_requests, q.bytes::bigint AS most_bytes,
             coalesce(m.requests, 0) AS requests, coalesce(m.bytes, 0) AS bytes,
             (SELECT reached_at FROM usage_alert a
               WHERE a.tenant_id = q.tenant_id AND a.month = $1 AND a.percent = 100
                 AND a.quota = 'requestsPerMonth') AS requests_at,
             (SELECT reached_at FROM usage_alert a
               WHERE a.tenant_id = q.tenant_id AND a.month = $1 AND a.percent = 100
                 AND a.quota = 'bandwidthGbPerMonth') AS bytes_at,
             h.days, h.daily_requests, h.daily_bytes
        FROM (SELECT * FROM tenant_quota
               WHERE (requests IS NOT NULL OR bytes IS NOT NULL)
                 AND ($4::uuid IS NULL OR tenant_id > $4)
               ORDER BY tenant_id LIMIT $5) AS q
        LEFT JOIN usage_month m ON m.tenant_id = q.tenant_id AND m.month = $1
        LEFT JOIN LATERAL (
               SELECT array_agg(day ORDER BY day) AS days,
                      array_agg(billable ORDER BY day) AS daily_requests,
                      array_agg(a.bytes ORDER BY day) AS daily_bytes
                 FROM activity_day a
                WHERE a.tenant_id = q.tenant_id AND day >= $2::date - $3::int AND day < $2
             ) AS h ON true
       ORDER BY q.tenant_id
      """;

  private static final String PUT =
      """
      INSERT INTO quota_forecast AS known
             (tenant_id, quota, month, used, most, at_end, used_up_at, method, error_percent, rank,
              computed_at)
      SELECT found.*, $1::timestamptz FROM unnest(
               $2::uuid[], $3::text[], $4::date[], $5::bigint[], $6::bigint[], $7::bigint[],
               $8::timestamptz[], $9::text[], $10::float8[], $11::float8[]) AS found
      ON CONFLICT (tenant_id, quota) DO UPDATE
         SET month = excluded.month, used = excluded.used, most = excluded.most,
             at_end = excluded.at_end, used_up_at = excluded.used_up_at, method = excluded.method,
             error_percent = excluded.error_percent, rank = excluded.rank,
             computed_at = excluded.computed_at
      """;

  private static final String FORGET = "DELETE FROM quota_forecast WHERE computed_at < $1";

  private static final String LIST =
      """
      SELECT f.*, t.slug, t.plan
        FROM quota_forecast f JOIN tenant t ON t.id = f.tenant_id
       WHERE (f.rank, f.tenant_id, f.quota) > ($1::double precision, $2::uuid, $3::text)
       ORDER BY f.rank, f.tenant_id, f.quota LIMIT $4
      """;

  private static final String ERASE = "DELETE FROM quota_forecast WHERE tenant_id = $1";

  /**
   * One of the list.
   *
   * @param key where the list goes on behind it
   */
  record Listed(String key, JsonObject document) {}

  /** What is known of one quota of a tenant. */
  private record Known(
      UUID tenant, String quota, long used, long most, Optional<OffsetDateTime> usedUpAt) {}

  /** What is to be written, column by column. */
  private static final class Columns {
    final List<UUID> tenants = new ArrayList<>();
    final List<String> quotas = new ArrayList<>();
    final List<Long> used = new ArrayList<>();
    final List<Long> most = new ArrayList<>();
    final List<Long> atEnd = new ArrayList<>();
    final List<@Nullable OffsetDateTime> usedUpAt = new ArrayList<>();
    final List<String> methods = new ArrayList<>();
    final List<@Nullable Double> errors = new ArrayList<>();
    final List<Double> ranks = new ArrayList<>();

    void add(Known known, UsageForecast forecast) {
      Optional<OffsetDateTime> end =
          known.usedUpAt().or(() -> forecast.usedUpAt().map(at -> at.atOffset(ZoneOffset.UTC)));
      tenants.add(known.tenant());
      quotas.add(known.quota());
      used.add(known.used());
      most.add(known.most());
      atEnd.add(forecast.atEnd());
      usedUpAt.add(end.orElse(null));
      methods.add(forecast.method().wireName());
      errors.add(forecast.errorPercent().orElse(null));
      ranks.add(
          end.map(at -> (double) at.toEpochSecond())
              .orElse(NEVER - forecast.atEnd() * 100.0 / known.most()));
    }

    Tuple values(YearMonth month, Instant now) {
      LocalDate[] months = new LocalDate[tenants.size()];
      Arrays.fill(months, month.atDay(1));
      Tuple values = Tuple.of(utc(now));
      values.addArrayOfUUID(tenants.toArray(UUID[]::new));
      values.addArrayOfString(quotas.toArray(String[]::new));
      values.addArrayOfLocalDate(months);
      values.addArrayOfLong(used.toArray(Long[]::new));
      values.addArrayOfLong(most.toArray(Long[]::new));
      values.addArrayOfLong(atEnd.toArray(Long[]::new));
      values.addArrayOfOffsetDateTime(usedUpAt.toArray(OffsetDateTime[]::new));
      values.addArrayOfString(methods.toArray(String[]::new));
      values.addArrayOfDouble(errors.toArray(Double[]::new));
      return values.addArrayOfDouble(ranks.toArray(Double[]::new));
    }
  }

  /** Computes all anew. */
  void refresh(SqlConnection tx, Instant now) {
    Optional<UUID> last = refresh(tx, now, Optional.empty());
    while (last.isPresent()) {
      last = refresh(tx, now, last);
    }
    tx.preparedQuery(FORGET).execute(Tuple.of(utc(now))).await();
  }

  /** Those of some tenants; the last of them, where there may be more. */
  private static Optional<UUID> refresh(SqlConnection tx, Instant now, Optional<UUID> after) {
    YearMonth month = MonthlyUse.monthOf(now);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    @Nullable UUID behind = after.orElse(null);
    Tuple asked = Tuple.of(month.atDay(1), today, UsageForecast.DAYS, behind, BATCH);
    Columns columns = new Columns();
    Optional<UUID> last = Optional.empty();
    int rows = 0;
    for (Row row : tx.preparedQuery(KNOWN).execute(asked).await()) {
      add(columns, row, "requestsPerMonth", "requests", today, now);
      add(columns, row, "bandwidthGbPerMonth", "bytes", today, now);
      last = Optional.of(row.getUUID("tenant_id"));
      rows++;
    }
    tx.preparedQuery(PUT).execute(columns.values(month, now)).await();
    return rows == BATCH ? last : Optional.empty();
  }

  private static void add(
      Columns columns, Row row, String quota, String column, LocalDate today, Instant now) {
    Long most = row.getLong("most_" + column);
    if (most == null) {
      return;
    }
    long used = row.getLong(column);
    LocalDate @Nullable [] days = row.getArrayOfLocalDates("days");
    double[] history =
        days == null
            ? new double[0]
            : UsageForecast.history(days, row.getArrayOfLongs("daily_" + column), today);
    Known known =
        new Known(
            row.getUUID("tenant_id"),
            quota,
            used,
            most,
            Optional.ofNullable(row.getOffsetDateTime(column + "_at")));
    UsageForecast.of(history, used, Optional.of(most), now)
        .ifPresent(forecast -> columns.add(known, forecast));
  }

  /** Those that end, the soonest first, then the others, the fullest first. */
  List<Listed> list(SqlConnection connection, Optional<String> after, int count) {
    Tuple values = Ranked.behind(after, count);
    List<Listed> forecasts = new ArrayList<>();
    for (Row row : connection.preparedQuery(LIST).execute(values).await()) {
      String key =
          Ranked.key(row.getDouble("rank"), row.getUUID("tenant_id"), row.getString("quota"));
      forecasts.add(new Listed(key, document(row)));
    }
    return forecasts;
  }

  private static JsonObject document(Row row) {
    long used = row.getLong("used");
    long most = row.getLong("most");
    long atEnd = row.getLong("at_end");
    JsonObject document =
        new JsonObject()
            .put("tenant", row.getUUID("tenant_id").toString())
            .put("slug", row.getString("slug"));
    Optional.ofNullable(row.getString("plan")).ifPresent(plan -> document.put("plan", plan));
    document
        .put("quota", row.getString("quota"))
        .put("month", YearMonth.from(row.getLocalDate("month")).toString())
        .put("used", used)
        .put("most", most)
        .put("percent", percent(used, most))
        .put("atEndOfMonth", atEnd)
        .put("percentAtEndOfMonth", percent(atEnd, most));
    Optional.ofNullable(row.getOffsetDateTime("used_up_at"))
        .ifPresent(at -> document.put("usedUpAt", at.toInstant().toString()));
    document.put("method", row.getString("method"));
    Optional.ofNullable(row.getDouble("error_percent"))
        .ifPresent(error -> document.put("errorPercent", Math.round(error * 10) / 10.0));
    return document.put("asOf", row.getOffsetDateTime("computed_at").toInstant().toString());
  }

  /** Forgets those of a tenant. */
  void erase(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(ERASE).execute(Tuple.of(tenant)).await();
  }

  private static double percent(long part, long whole) {
    return Math.round(part * 1000.0 / whole) / 10.0;
  }
}
