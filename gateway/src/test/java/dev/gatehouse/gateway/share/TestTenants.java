package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.directory.TestDirectory;
import dev.gatehouse.gateway.limit.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Tenants and services of tests. */
final class TestTenants {
  private static final AtomicLong TENANTS = new AtomicLong();

  private TestTenants() {}

  static Tenant weighing(int weight) {
    return tenant(OptionalInt.of(weight), Optional.empty());
  }

  static Tenant with(ServiceOverride override) {
    return tenant(OptionalInt.empty(), Optional.of(Map.of("app", override)));
  }

  static EdgeService service(Concurrency concurrency) {
    EdgeService defaults =
        EdgeService.of("app", List.of(new EdgeService.Endpoint("127.0.0.1", 80)));
    return new EdgeService(
        defaults.name(),
        defaults.endpoints(),
        defaults.protocol(),
        defaults.connectTimeout(),
        defaults.responseTimeout(),
        defaults.totalTimeout(),
        defaults.balancing(),
        defaults.healthCheck(),
        defaults.outlierDetection(),
        defaults.circuitBreaker(),
        defaults.retries(),
        Optional.of(concurrency),
        defaults.compression(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** So many in flight at most, with so many waiting. */
  static EdgeService fixed(int maxRequests, int maxWaiting, int maxWaitingPerTenant) {
    return service(
        new Concurrency(
            OptionalInt.of(maxRequests),
            OptionalInt.of(maxWaiting),
            OptionalInt.of(maxWaitingPerTenant),
            Optional.of(Duration.ofSeconds(1)),
            OptionalInt.empty()));
  }

  private static Tenant tenant(
      OptionalInt weight, Optional<Map<String, ServiceOverride>> services) {
    // No two alike, and in each run the same: their hashes decide about queues.
    UUID id = new UUID(TENANTS.incrementAndGet(), 1);
    return TestDirectory.tenant(
        new EdgeTenant(
            id,
            new Slug("tenant-" + id.getMostSignificantBits()),
            TenantStatus.ACTIVE,
            List.<Hostname>of(),
            Set.of(),
            EdgeLimits.NONE,
            weight,
            Optional.empty(),
            services,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        Limits.none());
  }
}
