package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.route.Routed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times requests: {@code gatehouse.requests} by service, route and class of status,
 * {@code gatehouse.requests.refused} by problem, {@code gatehouse.requests.retried} by service. The
 * labels are the operator's and the gateway's own words, never a client's, and there are so many
 * pairs of service and route at most as {@link MetricsConfig#routes()} says: further ones are
 * counted as {@value #OTHER}. What was not routed has the service and the route {@value #NONE}.
 */
public final class RequestMetrics {
  static final String OTHER = "other";
  static final String NONE = "none";

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
  private final int mostPairs;
  private final Map<String, Map<String, Pair>> pairs = new ConcurrentHashMap<>();
  private final AtomicInteger pairsMade = new AtomicInteger();
  private final Pair unrouted;
  private final Pair other;
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();

  public RequestMetrics(MetricsConfig config, MeterRegistry registry) {
    this.registry = registry;
    this.mostPairs = config.routes();
    this.unrouted = new Pair(NONE, NONE);
    this.other = new Pair(OTHER, OTHER);
    for (int i = 0; i < CLASSES; i++) {
      unrouted.timer(i);
    }
  }

  void record(Exchange exchange, long nanos) {
    int statusClass = exchange.request().response().getStatusCode() / 100;
    Routed routed = exchange.routed().orElse(null);
    Pair pair = routed == null ? unrouted : pairOf(routed);
    pair.timer(statusClass < CLASSES ? statusClass : 0).record(nanos, TimeUnit.NANOSECONDS);
    if (exchange.attempts() > 1) {
      pair.retried(exchange.attempts() - 1);
    }
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

  private Pair pairOf(Routed routed) {
    String service = routed.service().name();
    String route = routed.route().path();
    Map<String, Pair> ofService = pairs.get(service);
    Pair known = ofService == null ? null : ofService.get(route);
    return known == null ? newPair(service, route) : known;
  }

  private Pair newPair(String service, String route) {
    if (pairsMade.get() >= mostPairs) {
      return other;
    }
    return pairs
        .computeIfAbsent(service, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            route, _ -> pairsMade.incrementAndGet() > mostPairs ? other : new Pair(service, route));
  }

  /** What is counted of one service's requests by one route. */
  private final class Pair {
    private final String service;
    private final String route;
    private final AtomicReferenceArray<@Nullable Timer> byStatusClass =
        new AtomicReferenceArray<>(CLASSES);
    private volatile @Nullable Counter retried;

    Pair(String service, String route) {
      this.service = service;
      this.route = route;
    }

    Timer timer(int statusClass) {
      Timer known = byStatusClass.get(statusClass);
      if (known == null) {
        known =
            Timer.builder("gatehouse.requests")
                .description("Requests, from their last header line to the end of their response")
                .tag("service", service)
                .tag("route", route)
                .tag("status", statusClass == 0 ? "none" : statusClass + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        byStatusClass.set(statusClass, known);
      }
      return known;
    }

    void retried(int times) {
      Counter known = retried;
      if (known == null) {
        known =
            Counter.builder("gatehouse.requests.retried")
                .description("Attempts beyond the first one, those of hedging included")
                .tag("service", service)
                .register(registry);
        retried = known;
      }
      known.increment(times);
    }
  }
}
