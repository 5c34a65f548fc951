package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.ServiceHealth;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.directory.ServiceListener;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.upstream.ServicePools.Silo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of all services of one gateway, and how fit they are. Any thread; changes take
 * effect for every choice that begins after the call returned, and keep what is known of the
 * addresses that they do not touch: health, ejection, warm-up, turns and requests in flight.
 */
public final class Upstreams implements ServiceListener {
  private static final long TICK_MILLIS = 100;

  private final Environment environment;
  private final Optional<TrustOptions> trust;
  private final HealthProbes probes;
  private final Map<String, ServicePools> services = new ConcurrentHashMap<>();
  private final Set<String> own = ConcurrentHashMap.newKeySet();
  private final long tickTimer;
  private int silos;

  /**
   * Begins with no service.
   *
   * @param background where endpoints and DNS are asked; no requests should live there
   * @throws IllegalArgumentException if there is no certificate in {@link UpstreamConfig#trust}
   */
  public Upstreams(Vertx background, UpstreamConfig config, MeterRegistry metrics) {
    this(background, config, metrics, System::nanoTime);
  }

  /**
   * @param ticker the clock, in nanoseconds
   */
  Upstreams(Vertx background, UpstreamConfig config, MeterRegistry metrics, LongSupplier ticker) {
    this.trust = config.trust().map(TrustFile::read);
    this.probes = new HealthProbes(background, trust);
    this.environment =
        new Environment(
            background,
            config,
            trust,
            new NameResolver(config.dns()),
            new HealthChecker(probes, config.maxHealthChecks()),
            new UpstreamMeters(metrics),
            ticker);
    this.tickTimer = background.setPeriodic(TICK_MILLIS, _ -> tick());
    Gauge.builder("gatehouse.upstream.silos", this, Upstreams::silos)
        .description("Sets of endpoints of single tenants")
        .register(metrics);
  }

  /** The authorities whose certificates endpoints may have; those of the JDK if empty. */
  public Optional<TrustOptions> trust() {
    return trust;
  }

  /** All services, as they are now. */
  public List<EdgeService> services() {
    return services.values().stream().map(ServicePools::service).toList();
  }

  /** What finds the addresses of names. */
  public NameResolver names() {
    return environment.names();
  }

  /** The part for one event loop, which it must not share. */
  public LoopUpstreams newLoop() {
    return newLoop(new SplittableRandom());
  }

  LoopUpstreams newLoop(RandomGenerator random) {
    return new LoopUpstreams(this, random);
  }

  /** Adds a service, or changes the one of the same name. */
  @Override
  public synchronized void apply(EdgeService service) {
    ServicePools known = services.get(service.name());
    if (known != null) {
      known.configure(service);
    } else {
      ServicePools added = new ServicePools(service, environment);
      services.put(service.name(), added);
      environment.meters().measure(added);
    }
  }

  /** Adds a service of this gateway's own, of which the control plane does not know. */
  public void applyOwn(EdgeService service) {
    own.add(service.name());
    apply(service);
  }

  /** Takes a service out; does nothing if it is not there. Attempts under way go on. */
  synchronized void remove(String service) {
    ServicePools gone = services.remove(service);
    if (gone != null) {
      silos -= gone.silos().size();
      gone.close();
      environment.meters().forget(service);
    }
  }

  /** Takes out all services but these. */
  @Override
  public synchronized void retainOnly(Collection<EdgeService> known) {
    Set<String> gone = new HashSet<>(services.keySet());
    known.forEach(service -> gone.remove(service.name()));
    gone.removeAll(own);
    gone.forEach(this::remove);
  }

  /**
   * Takes up a change of a tenant: its own endpoints, where some are in use, are now these. Those
   * that it does not have any more are not asked for their health any more.
   *
   * @param revision at which it changed
   */
  @Override
  public synchronized void tenantChanged(EdgeTenant tenant, long revision) {
    for (ServicePools pools : services.values()) {
      if (pools.silos().containsKey(tenant.id())) {
        Optional<List<Endpoint>> own =
            tenant
                .services()
                .map(overrides -> overrides.get(pools.name()))
                .flatMap(ServiceOverride::endpoints);
        own.ifPresentOrElse(
            endpoints -> configure(pools, tenant.id(), endpoints, revision),
            () -> drop(pools, tenant.id()));
      }
    }
  }

  /** Forgets a tenant's own endpoints. */
  @Override
  public synchronized void tenantGone(UUID tenantId) {
    services.values().forEach(pools -> drop(pools, tenantId));
  }

  /** What the admin port shows: every service with its endpoints, see docs/upstreams.md. */
  public JsonObject view() {
    return UpstreamView.of(services.values(), environment);
  }

  /**
   * What the control plane is told: every service that it knows of, with the endpoints that all
   * tenants share; no more than there is room for.
   *
   * @param wallClock the time at which the clock of the pools had these ticks
   */
  EndpointsSeen endpoints(Instant wallClock, long ticks) {
    EndpointView view = new EndpointView(wallClock, ticks);
    List<ServiceHealth> seen =
        services.values().stream()
            .filter(pools -> !own.contains(pools.name()))
            .sorted(Comparator.comparing(ServicePools::name))
            .limit(EndpointReport.MAX_SERVICES)
            .map(view::of)
            .toList();
    return new EndpointsSeen(seen, view.omitted());
  }

  /**
   * What was seen of the endpoints.
   *
   * @param omitted how many there was no room for
   */
  record EndpointsSeen(List<ServiceHealth> services, int omitted) {}

  /** The clock of the pools. */
  long ticks() {
    return environment.ticker().getAsLong();
  }

  /**
   * What a tenant's request to a service would choose among. Neither makes nor touches anything:
   * for requests that are only explained.
   */
  public Prospect prospect(EdgeService service, Tenant tenant) {
    ServicePools pools = services.get(service.name());
    if (pools == null) {
      return Prospect.nowhere(NoTarget.UNKNOWN_SERVICE);
    }
    Region bound = tenant.region();
    Optional<List<Endpoint>> own = pools.ownOf(tenant);
    Silo silo = own.isEmpty() ? null : pools.silos().get(tenant.edge().id());
    if (own.isPresent() && silo == null) {
      if (silos() >= environment.config().maxSilos()) {
        return Prospect.nowhere(NoTarget.TOO_MANY_SILOS);
      }
      boolean outside =
          bound != null
              && own.get().stream().noneMatch(one -> one.region().equals(Optional.of(bound)));
      return new Prospect(
          UpstreamView.unused(pools, own.get()),
          outside ? Optional.of(NoTarget.OUTSIDE_REGION) : Optional.empty());
    }
    Pool pool = silo == null ? pools.shared() : silo.pool();
    TargetSet set = bound == null ? pool.published() : pool.published(bound);
    JsonObject view = UpstreamView.of(pools, pool, bound, environment);
    if (set == null) {
      return new Prospect(view, Optional.of(NoTarget.OUTSIDE_REGION));
    }
    boolean nowhere = set.usable().isEmpty() && pool.resolved().isComplete();
    return new Prospect(view, nowhere ? Optional.of(NoTarget.NOT_RESOLVED) : Optional.empty());
  }

  /** Stops to ask anybody, and forgets all services: call it when no request is under way. */
  public Future<Void> close() {
    environment.vertx().cancelTimer(tickTimer);
    List.copyOf(services.keySet()).forEach(this::remove);
    return Future.join(probes.close(), environment.names().close()).mapEmpty();
  }

  @Nullable ServicePools pools(String service) {
    return services.get(service);
  }

  /**
   * Gives a tenant's own endpoints, made at their first use.
   *
   * @return null if there are too many already
   */
  synchronized @Nullable Pool silo(
      ServicePools pools, EdgeTenant tenant, List<Endpoint> endpoints, long revision) {
    Silo known = pools.silos().get(tenant.id());
    if (known != null && known.revision() >= revision) {
      return known.pool();
    }
    if (known == null && silos >= environment.config().maxSilos()) {
      return null;
    }
    return configure(pools, tenant.id(), endpoints, revision);
  }

  private Pool configure(
      ServicePools pools, UUID tenantId, List<Endpoint> endpoints, long revision) {
    Silo known = pools.silos().get(tenantId);
    Pool pool;
    if (known == null) {
      pool = new Pool(environment, pools.service(), endpoints);
      silos++;
    } else {
      pool = known.pool();
      pool.configure(pools.service(), endpoints);
    }
    pools.silos().put(tenantId, new Silo(pool, revision));
    return pool;
  }

  private void drop(ServicePools pools, UUID tenantId) {
    Silo gone = pools.silos().remove(tenantId);
    if (gone != null) {
      silos--;
      gone.pool().close();
    }
  }

  /** Lets come back who was ejected for long enough, and forgets silos that nobody uses. */
  void tick() {
    long now = environment.ticker().getAsLong();
    long idle = environment.config().siloIdle().toNanos();
    for (ServicePools pools : services.values()) {
      pools.all().forEach(pool -> pool.tick(now));
      pools
          .silos()
          .forEach((tenantId, silo) -> {
            if (silo.pool().idleNanos(now) > idle) {
              dropIfIdle(pools, tenantId, now, idle);
            }
          });
    }
  }

  private synchronized void dropIfIdle(ServicePools pools, UUID tenantId, long now, long idle) {
    Silo silo = pools.silos().get(tenantId);
    if (silo != null && silo.pool().idleNanos(now) > idle) {
      drop(pools, tenantId);
    }
  }

  private synchronized int silos() {
    return silos;
  }
}
