package dev.gatehouse.controlplane.analytics;

import static dev.gatehouse.controlplane.database.SqlTime.instant;

import dev.gatehouse.contract.usage.LatencyBuckets;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What is left of what may go wrong by one objective of a tenant.
 *
 * @param slug of the tenant, where it was asked for
 * @param within within which time requests are to be answered, and the bound that is counted by
 * @param target percent of requests that are to be good
 * @param valid requests within the window that count
 * @param bad those of them that are not good
 * @param remaining of the budget; below 0 where more was spent
 */
record ErrorBudget(
    UUID tenant,
    Optional<String> slug,
    Optional<String> plan,
    String objective,
    double target,
    Optional<Within> within,
    int windowDays,
    long valid,
    long bad,
    double remaining,
    BurnRates burnRates,
    Optional<Instant> burningSince,
    Optional<Instant> usedUpSince,
    Instant asOf) {

  /** How long a request may take, and what is counted for that. */
  record Within(int millis, double countedMillis) {}

  /** How many times faster than just within the window the budget is spent. */
  record BurnRates(double hour, double sixHours, double threeDays) {}

  static ErrorBudget of(Row row, boolean withTenant) {
    return new ErrorBudget(
        row.getUUID("tenant_id"),
        withTenant ? Optional.ofNullable(row.getString("slug")) : Optional.empty(),
        withTenant ? Optional.ofNullable(row.getString("plan")) : Optional.empty(),
        row.getString("objective"),
        row.getDouble("target"),
        Optional.ofNullable(row.getInteger("within_millis"))
            .map(millis ->
                new Within(millis, LatencyBuckets.BOUNDS_MILLIS.get(row.getInteger("bound") - 1))),
        row.getInteger("window_days"),
        row.getLong("valid"),
        row.getLong("bad"),
        row.getDouble("remaining"),
        new BurnRates(row.getDouble("burn_1h"), row.getDouble("burn_6h"), row.getDouble("burn_3d")),
        instant(row, "burning_since"),
        instant(row, "used_up_since"),
        instant(row, "computed_at").orElseThrow());
  }

  /** Where a list goes on behind it. */
  String key() {
    return Ranked.key(remaining, tenant, objective);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    slug.ifPresent(name -> json.put("tenant", tenant.toString()).put("slug", name));
    plan.ifPresent(name -> json.put("plan", name));
    json.put("objective", objective).put("target", target);
    within.ifPresent(time ->
        json.put("withinMillis", time.millis()).put("countedWithinMillis", time.countedMillis()));
    json.put("windowDays", windowDays)
        .put("valid", valid)
        .put("budget", rounded(valid * (100 - target) / 100, 100))
        .put("spent", bad)
        .put("remaining", rounded(remaining * 100, 100))
        .put(
            "burnRates",
            JsonObject.of(
                "hour", rounded(burnRates.hour(), 100),
                "sixHours", rounded(burnRates.sixHours(), 100),
                "threeDays", rounded(burnRates.threeDays(), 100)));
    usedUpAt().ifPresent(at -> json.put("usedUpAt", at.toString()));
    burningSince.ifPresent(at -> json.put("burningSince", at.toString()));
    usedUpSince.ifPresent(at -> json.put("usedUpSince", at.toString()));
    return json.put("asOf", asOf.toString());
  }

  /** At the pace of the last six hours; nothing where the window has moved on before. */
  private Optional<Instant> usedUpAt() {
    if (remaining <= 0 || burnRates.sixHours() <= 0) {
      return Optional.empty();
    }
    double seconds = remaining * Duration.ofDays(windowDays).toSeconds() / burnRates.sixHours();
    return seconds > Duration.ofDays(windowDays).toSeconds()
        ? Optional.empty()
        : Optional.of(asOf.plusSeconds((long) Math.ceil(seconds)));
  }

  private static double rounded(double value, int to) {
    return Math.round(value * to) / (double) to;
  }
}
