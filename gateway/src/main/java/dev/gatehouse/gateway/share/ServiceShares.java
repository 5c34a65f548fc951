package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's shares of all services. Belongs to that event loop. A share outlives changes of
 * its service; one that nobody used for ten minutes, as of a service that has gone, is dropped.
 */
public final class ServiceShares {
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final int eventLoops;
  private final LongSupplier clock;
  private final ShareMeters meters;
  private final AdaptiveLimits limits;
  private final Map<String, ServiceShare> shares = new HashMap<>();

  /** Shares of tenants that have endpoints of their own. */
  private final Map<ShareKey, ServiceShare> ownShares = new HashMap<>();

  /**
   * @param eventLoops over how many a gateway's limits are divided
   * @param limits those of the gateway
   */
  public ServiceShares(int eventLoops, ShareMeters meters, AdaptiveLimits limits) {
    this(eventLoops, meters, limits, System::nanoTime);
  }

  ServiceShares(int eventLoops, ShareMeters meters, AdaptiveLimits limits, LongSupplier clock) {
    this.eventLoops = eventLoops;
    this.meters = meters;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * The share by which a tenant's requests to a service are sent: the service's, or, where the
   * tenant has endpoints of its own, one that it has to itself. Ask for each request: what changed
   * at the service holds from then on.
   */
  @SuppressWarnings("ReferenceEquality") // A changed service is another object; cheap to ask.
  public ServiceShare of(EdgeService service, Tenant tenant) {
    ServiceShare share =
        hasOwnEndpoints(service, tenant)
            ? ownShares.computeIfAbsent(
                ShareKey.own(service.name(), tenant.edge().id()), key -> newShare(service, key))
            : shareOf(service);
    if (share.service() != service) {
      share.configure(service);
    }
    return share;
  }

  /**
   * Refuses what has waited too long, and drops what is not used any more. Call it every 10 to 50
   * ms: a request waits by as much longer at most.
   */
  public void expire(long nowNanos) {
    expire(shares, nowNanos);
    expire(ownShares, nowNanos);
  }

  private ServiceShare shareOf(EdgeService service) {
    ServiceShare known = shares.get(service.name());
    if (known != null) {
      return known;
    }
    ServiceShare created = newShare(service, ShareKey.shared(service.name()));
    shares.put(service.name(), created);
    return created;
  }

  private ServiceShare newShare(EdgeService service, ShareKey key) {
    return new ServiceShare(
        service, key, eventLoops, clock, meters.open(service.name()), limits.open(key));
  }

  private <K> void expire(Map<K, ServiceShare> all, long nowNanos) {
    boolean idle = false;
    for (ServiceShare share : all.values().toArray(ServiceShare[]::new)) {
      share.expire(nowNanos);
      idle |= share.isIdle(nowNanos, IDLE_NANOS);
    }
    if (idle) {
      all.values().removeIf(share -> dropIfIdle(share, nowNanos));
    }
  }

  private boolean dropIfIdle(ServiceShare share, long nowNanos) {
    if (!share.isIdle(nowNanos, IDLE_NANOS)) {
      return false;
    }
    share.close();
    meters.close(share.service().name());
    limits.close(share.key());
    return true;
  }

  static boolean hasOwnEndpoints(EdgeService service, Tenant tenant) {
    Map<String, ServiceOverride> overrides = tenant.edge().services().orElse(Map.of());
    if (overrides.isEmpty()) {
      return false;
    }
    @Nullable ServiceOverride override = overrides.get(service.name());
    return override != null && override.endpoints().isPresent();
  }
}
