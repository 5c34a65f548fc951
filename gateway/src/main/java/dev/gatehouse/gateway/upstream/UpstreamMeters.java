package dev.gatehouse.gateway.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What metrics tell of the upstreams. The labels are names of services and words of the gateway's
 * own, never tenants or addresses; what a tenant has of its own counts for its service. Any thread.
 */
final class UpstreamMeters {
  private static final List<String> STATES = List.of("healthy", "unhealthy", "ejected");

  private final MeterRegistry registry;
  private final Map<String, List<Meter>> gauges = new ConcurrentHashMap<>();

  UpstreamMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Measures a service until {@link #forget}. */
  void measure(ServicePools pools) {
    String service = pools.name();
    List<Meter> meters = new ArrayList<>();
    for (String state : STATES) {
      meters.add(
          Gauge.builder("gatehouse.upstream.endpoints", pools, all -> all.count(state))
              .description("Addresses of endpoints by their state")
              .tags("service", service, "state", state)
              .register(registry));
    }
    meters.add(
        Gauge.builder("gatehouse.upstream.panic", pools, ServicePools::panics)
            .description("Sets of endpoints whose health is ignored, as too few are fit")
            .tag("service", service)
            .register(registry));
    meters.add(ejections(service));
    gauges.put(service, meters);
  }

  void forget(String service) {
    gauges.getOrDefault(service, List.of()).forEach(registry::remove);
    gauges.remove(service);
  }

  void healthChecked(String service, boolean good) {
    Counter.builder("gatehouse.upstream.health_checks")
        .description("Health checks, by what they found")
        .tags("service", service, "outcome", good ? "healthy" : "unhealthy")
        .register(registry)
        .increment();
  }

  void ejected(String service) {
    ejections(service).increment();
  }

  private Counter ejections(String service) {
    return Counter.builder("gatehouse.upstream.ejections")
        .description("Addresses of endpoints that got no requests for a while, as they failed")
        .tag("service", service)
        .register(registry);
  }
}
