package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.Exchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times requests: {@code gatehouse.requests} by class of status, {@code
 * gatehouse.requests.refused} by problem. The labels are the gateway's own words, never a client's,
 * so that their number is bounded.
 */
public final class RequestMetrics {
  private static final int CLASSES = 6;
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Timer[] byStatusClass = new Timer[CLASSES];
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();

  public RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (int i = 0; i < CLASSES; i++) {
      byStatusClass[i] =
          Timer.builder("gatehouse.requests")
              .description("Requests, from their last header line to the end of their response")
              .tag("status", i == 0 ? "none" : i + "xx")
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
    }
  }

  void record(Exchange exchange, long nanos) {
    int statusClass = exchange.request().response().getStatusCode() / 100;
    byStatusClass[statusClass < CLASSES ? statusClass : 0].record(nanos, TimeUnit.NANOSECONDS);
    String refusal = exchange.refusal();
    if (!refusal.isEmpty()) {
      refusals
          .computeIfAbsent(
              refusal,
              problem ->
                  Counter.builder("gatehouse.requests.refused")
                      .description("Requests that the gateway itself ended, by problem")
                      .tag("problem", problem)
                      .register(registry))
          .increment();
    }
  }
}
