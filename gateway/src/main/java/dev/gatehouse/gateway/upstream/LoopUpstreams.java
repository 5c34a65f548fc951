package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * All upstreams as one event loop uses them: the turns and the chance of its own. Belongs to that
 * event loop.
 */
public final class LoopUpstreams {
  private static final int SMALLEST_SWEEP = 64;

  private final Upstreams upstreams;
  private final RandomGenerator random;
  private final Map<Pool, LoopUpstream> byPool = new HashMap<>();
  private final LoopUpstream unknownService;
  private final LoopUpstream tooManySilos;
  private int sweepAt = SMALLEST_SWEEP;

  LoopUpstreams(Upstreams upstreams, RandomGenerator random) {
    this.upstreams = upstreams;
    this.random = random;
    this.unknownService = new LoopUpstream(NoTarget.UNKNOWN_SERVICE, random);
    this.tooManySilos = new LoopUpstream(NoTarget.TOO_MANY_SILOS, random);
  }

  /**
   * The endpoints for a tenant's requests to a service: the tenant's own where it has some, else
   * those that all share; of these, where the tenant is bound to a region, those that stand there.
   * Never null: where there are none, the result says so when asked for one.
   */
  public LoopUpstream of(EdgeService service, Tenant tenant) {
    LoopUpstream all = all(service, tenant);
    Region bound = tenant.region();
    return bound == null ? all : all.in(bound);
  }

  private LoopUpstream all(EdgeService service, Tenant tenant) {
    ServicePools pools = upstreams.pools(service.name());
    if (pools == null) {
      return unknownService;
    }
    if (tenant.edge().services().isEmpty()) {
      return known(pools.shared());
    }
    Pool pool = pools.of(tenant, upstreams);
    return pool == null ? tooManySilos : known(pool);
  }

  private LoopUpstream known(Pool pool) {
    LoopUpstream upstream = byPool.get(pool);
    return upstream != null ? upstream : add(pool);
  }

  private LoopUpstream add(Pool pool) {
    if (byPool.size() >= sweepAt) {
      byPool.values().removeIf(LoopUpstream::isClosed);
      sweepAt = Math.max(SMALLEST_SWEEP, 2 * byPool.size());
    }
    LoopUpstream upstream = new LoopUpstream(pool, random);
    byPool.put(pool, upstream);
    return upstream;
  }
}
