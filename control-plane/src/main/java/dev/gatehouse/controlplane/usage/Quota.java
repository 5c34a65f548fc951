package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.MonthlyUse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;

/**
 * What a tenant has used of a monthly quota.
 *
 * @param name {@code requestsPerMonth}, or {@code bandwidthGbPerMonth}
 * @param most how many requests, or bytes; empty where it is not limited
 * @param used how many so far
 * @param warnedAt when 80 percent were reached
 * @param usedUpAt when all was
 */
record Quota(
    String name,
    Optional<Long> most,
    long used,
    Optional<Instant> warnedAt,
    Optional<Instant> usedUpAt) {
  /** A forecast from less of a month would say nothing. */
  private static final Duration LEAST = Duration.ofHours(6);

  JsonObject toJson(YearMonth month, Instant now) {
    JsonObject document = new JsonObject().put("quota", name).put("used", used);
    most.ifPresent(limit ->
        document.put("limit", limit).put("percent", Math.round(used * 1000.0 / limit) / 10.0));
    warnedAt.ifPresent(at -> document.put("warnedAt", at.toString()));
    usedUpAt.ifPresent(at -> document.put("usedUpAt", at.toString()));
    forecast(month, now).ifPresent(at -> document.put("forecast", at));
    return document;
  }

  /** At the pace of the month so far. */
  private Optional<JsonObject> forecast(YearMonth month, Instant now) {
    Instant begin = MonthlyUse.beginOf(month);
    Instant end = MonthlyUse.beginOf(month.plusMonths(1));
    Duration gone = Duration.between(begin, now);
    if (gone.compareTo(LEAST) < 0 || used == 0) {
      return Optional.empty();
    }
    double perSecond = used / (double) gone.toSeconds();
    JsonObject forecast =
        new JsonObject()
            .put("atEndOfMonth", Math.round(perSecond * Duration.between(begin, end).toSeconds()));
    most.filter(limit -> limit > used)
        .map(limit -> now.plusSeconds((long) Math.ceil((limit - used) / perSecond)))
        .filter(exhausted -> exhausted.isBefore(end))
        .ifPresent(exhausted -> forecast.put("usedUpAt", exhausted.toString()));
    return Optional.of(forecast);
  }
}
