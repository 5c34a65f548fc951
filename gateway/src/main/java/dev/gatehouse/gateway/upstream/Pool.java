package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.HealthCheck;
import dev.gatehouse.contract.edge.OutlierDetection;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.upstream.HashTable.Draws;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One set of endpoints: those that all tenants share, or one tenant's own. Keeps their addresses
 * and their fitness, and publishes who takes part. Changes come from any thread and exclude each
 * other; what is published is read without a lock.
 */
final class Pool {
  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

  private final Environment environment;
  private final NameWatches names;
  private final HealthMonitors monitors;
  private final Map<Target, Draws> draws = new HashMap<>();
  private final Ejections ejections;
  private Map<Key, Target> targets = new LinkedHashMap<>();
  private EdgeService service;
  private List<Endpoint> endpoints;
  private final long madeAt;
  private long lastUsed;
  private volatile boolean touched = true;
  private volatile boolean closed;
  private volatile TargetSet published;
  private volatile Map<Region, TargetSet> byRegion = Map.of();

  /** Takes up its first configuration. */
  Pool(Environment environment, EdgeService service, List<Endpoint> endpoints) {
    this.environment = environment;
    this.service = service;
    this.endpoints = endpoints;
    this.names = new NameWatches(environment, this::namesChanged);
    this.monitors = new HealthMonitors(environment, this::checked);
    this.ejections = new Ejections(service.outlierDetection().orElse(OutlierDetection.DEFAULT));
    this.published = Selection.nothing(service);
    this.madeAt = now();
    this.lastUsed = madeAt;
    // Nobody has more than its share before the first has come.
    synchronized (this) {
      names.watch(endpoints);
      rebuild(false);
    }
  }

  /** Takes up a change of the service, for the same endpoints. */
  synchronized void configure(EdgeService changed) {
    configure(changed, endpoints);
  }

  /** Takes up a change. What is known of addresses that stay is kept. */
  synchronized void configure(EdgeService changed, List<Endpoint> changedEndpoints) {
    if (closed) {
      return;
    }
    boolean otherChecks =
        !service.healthCheck().equals(changed.healthCheck())
            || !service.protocol().equals(changed.protocol())
            || !service.tls().equals(changed.tls());
    service = changed;
    endpoints = changedEndpoints;
    ejections.configure(changed.outlierDetection().orElse(OutlierDetection.DEFAULT));
    if (otherChecks) {
      monitors.stop();
    }
    names.watch(endpoints);
    rebuild(true);
  }

  synchronized void close() {
    closed = true;
    monitors.stop();
    names.stop();
  }

  boolean isClosed() {
    return closed;
  }

  /** Who takes part. */
  TargetSet published() {
    return published;
  }

  /**
   * Who takes part for tenants that are bound to a region: of those that stand there, and of no
   * others, whatever state they are in.
   *
   * @return null if none of the endpoints stands there; empty where none has an address yet
   */
  @Nullable TargetSet published(Region region) {
    return byRegion.get(region);
  }

  /** Completed when every name has had its first answer. */
  Future<Void> resolved() {
    return names.resolved();
  }

  /** The clock of all times of this pool. */
  long now() {
    return environment.ticker().getAsLong();
  }

  /** When it was made. */
  long madeAt() {
    return madeAt;
  }

  /** It is in use. */
  void touch() {
    if (!touched) {
      touched = true;
    }
  }

  /** How long it has not been in use, to within a tick. */
  synchronized long idleNanos(long now) {
    return now - lastUsed;
  }

  /** Looks at what time alone changes. */
  synchronized void tick(long now) {
    if (touched) {
      touched = false;
      lastUsed = now;
    }
    if (targets.values().stream().mapToInt(target -> returnIfDue(target, now) ? 1 : 0).sum() > 0) {
      publish();
    }
  }

  /** How many of its addresses are in a state. */
  synchronized long count(String state) {
    return targets.values().stream().filter(target -> target.fitness.state().equals(state)).count();
  }

  /** Tells of everything in it, unchanging meanwhile. */
  synchronized void describe(Description description) {
    for (Endpoint endpoint : endpoints) {
      List<Target> ofIt =
          targets.entrySet().stream()
              .filter(entry -> entry.getKey().isOf(endpoint))
              .map(Map.Entry::getValue)
              .toList();
      description.endpoint(endpoint, names.failureOf(endpoint), ofIt);
    }
  }

  /** A live request has failed. Called on the event loops, so the work is left to another. */
  void failed(Target target, Outcome outcome, int inARow) {
    if (ejections.suspects(outcome, inARow)) {
      environment.vertx().runOnContext(_ -> eject(target, outcome, inARow));
    }
  }

  private synchronized void eject(Target target, Outcome outcome, int inARow) {
    if (closed || !targets.containsValue(target)) {
      return;
    }
    if (ejections.eject(target, targets.values(), outcome, inARow, now())) {
      LOG.warn("{} of {} is ejected: {}", target, service.name(), target.fitness.reason());
      environment.meters().ejected(service.name());
      publish();
    }
  }

  private boolean returnIfDue(Target target, long now) {
    boolean back = target.fitness.returnIfDue(now);
    if (back) {
      target.forgetFailures();
      LOG.info("{} of {} takes part again", target, service.name());
    }
    return back;
  }

  private synchronized void checked(Target target, Optional<String> failure) {
    HealthCheck check = service.healthCheck().orElse(null);
    if (closed || check == null || !monitors.watches(target)) {
      return;
    }
    failure.ifPresent(target::failed);
    boolean turned =
        target.fitness.checked(
            failure,
            check.healthyThreshold().orElse(2),
            check.unhealthyThreshold().orElse(3),
            now());
    if (turned) {
      LOG.info(
          "{} of {} is {}: {}",
          target,
          service.name(),
          target.fitness.state(),
          target.fitness.reason());
      publish();
    }
  }

  private synchronized void namesChanged() {
    if (!closed) {
      rebuild(!targets.isEmpty());
    }
  }

  /**
   * Makes the targets anew from the endpoints and what DNS says of them.
   *
   * @param warmUp whether those that were not there before begin slowly
   */
  private void rebuild(boolean warmUp) {
    Map<Key, Target> before = targets;
    targets = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      for (String address : names.addressesOf(endpoint)) {
        Key key = Key.of(endpoint, address);
        Target known = targets.containsKey(key) ? targets.get(key) : before.get(key);
        if (known == null) {
          known = new Target(this, endpoint, address, new Fitness(now(), warmUp));
        }
        known.endpoint(endpoint);
        targets.put(key, known);
      }
    }
    draws.keySet().removeIf(target -> !targets.containsValue(target));
    checkHealth();
    publish();
  }

  private void checkHealth() {
    Optional<HealthCheck> check = service.healthCheck();
    if (check.isPresent()) {
      monitors.watch(service, check.get(), targets.values());
    } else {
      monitors.stop();
      targets.values().forEach(target -> target.fitness.unchecked(now()));
    }
  }

  private void publish() {
    Map<Region, TargetSet> regional = new HashMap<>();
    for (Endpoint endpoint : endpoints) {
      endpoint.region().ifPresent(region -> regional.computeIfAbsent(region, this::selectionOf));
    }
    byRegion = regional;
    published = selectionOf(targets.values().stream());
  }

  private TargetSet selectionOf(Region region) {
    return selectionOf(
        targets.values().stream()
            .filter(target -> target.endpoint().region().filter(region::equals).isPresent()));
  }

  private TargetSet selectionOf(Stream<Target> among) {
    return Selection.of(service, environment.config().zone(), among.toList(), this::drawsOf);
  }

  private Draws drawsOf(Target target) {
    Draws known = draws.get(target);
    if (known == null || known.weight() != target.weight()) {
      known = new Draws(target.toString(), target.weight());
      draws.put(target, known);
    }
    return known;
  }

  /** What makes two addresses the same, however the configuration changes around them. */
  private record Key(String host, int port, boolean tls, String address) {
    static Key of(Endpoint endpoint, String address) {
      return new Key(endpoint.host(), endpoint.port(), endpoint.tls(), address);
    }

    boolean isOf(Endpoint endpoint) {
      return host.equals(endpoint.host()) && port == endpoint.port() && tls == endpoint.tls();
    }
  }

  /** Who is told of what is in a pool. */
  @FunctionalInterface
  interface Description {
    /**
     * One endpoint.
     *
     * @param dnsFailure what was wrong with the last answer of DNS; empty if nothing was
     * @param targets its addresses
     */
    void endpoint(Endpoint endpoint, Optional<String> dnsFailure, List<Target> targets);
  }
}
