package dev.gatehouse.controlplane.usage;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What a tenant has used of a monthly quota.
 *
 * @param name {@code requestsPerMonth}, or {@code bandwidthGbPerMonth}
 * @param most how many requests, or bytes; empty where it is not limited
 * @param used how many so far
 * @param warnedAt when 80 percent were reached
 * @param usedUpAt when all was
 * @param forecast of the month, where enough is known
 */
record Quota(
    String name,
    Optional<Long> most,
    long used,
    Optional<Instant> warnedAt,
    Optional<Instant> usedUpAt,
    Optional<UsageForecast> forecast) {
  JsonObject toJson() {
    JsonObject document = new JsonObject().put("quota", name).put("used", used);
    most.ifPresent(limit ->
        document.put("limit", limit).put("percent", Math.round(used * 1000.0 / limit) / 10.0));
    warnedAt.ifPresent(at -> document.put("warnedAt", at.toString()));
    usedUpAt.ifPresent(at -> document.put("usedUpAt", at.toString()));
    forecast.ifPresent(found -> document.put("forecast", document(found)));
    return document;
  }

  private static JsonObject document(UsageForecast found) {
    JsonObject forecast =
        new JsonObject()
            .put("atEndOfMonth", found.atEnd())
            .put("method", found.method().wireName());
    found.usedUpAt().ifPresent(at -> forecast.put("usedUpAt", at.toString()));
    found
        .errorPercent()
        .ifPresent(error -> forecast.put("errorPercent", Math.round(error * 10) / 10.0));
    return forecast;
  }
}
