package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.LatencyBuckets;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What was counted, added up; the numbers are those of a gateway's report. */
record Totals(
    List<Long> requests,
    long billable,
    long limited,
    long refused,
    long bytesIn,
    long bytesOut,
    long webSocketMillis,
    long micros,
    List<Long> latency) {

  /** All requests. */
  long total() {
    return requests.stream().mapToLong(Long::longValue).sum();
  }

  /** Puts it into a document. */
  JsonObject into(JsonObject document) {
    return document
        .put(
            "requests",
            new JsonObject()
                .put("total", total())
                .put("informational", requests.get(1))
                .put("successful", requests.get(2))
                .put("redirected", requests.get(3))
                .put("clientErrors", requests.get(4))
                .put("serverErrors", requests.get(5))
                .put("unanswered", requests.get(0)))
        .put("billable", billable)
        .put("limited", limited)
        .put("refused", refused)
        .put("bytesIn", bytesIn)
        .put("bytesOut", bytesOut)
        .put("webSocketSeconds", webSocketMillis / 1000)
        .put("latency", latencyDocument());
  }

  /** In milliseconds; nothing of no times. */
  JsonObject latencyDocument() {
    long timed = latency.stream().mapToLong(Long::longValue).sum();
    if (timed == 0) {
      return new JsonObject();
    }
    return new JsonObject()
        .put("mean", rounded(micros / 1000.0 / timed))
        .put("p50", quantile(0.5))
        .put("p95", quantile(0.95))
        .put("p99", quantile(0.99));
  }

  /** In milliseconds, to the microsecond; 0 of no times. */
  double quantile(double which) {
    double millis = LatencyBuckets.quantile(latency, which);
    return Double.isNaN(millis) ? 0 : rounded(millis);
  }

  private static double rounded(double millis) {
    return Math.round(millis * 1000) / 1000.0;
  }
}
