package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.CircuitBreaker;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EndpointReport.BreakerHealth;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The circuit breakers of one gateway, made where they are configured and when they are first
 * needed. Any thread.
 *
 * <p>A tenant has one of its own where its override of the service names one, or names endpoints of
 * its own: what happens there says nothing of the others. There are {@value #MOST} at most; a
 * request for which none can be made passes.
 */
public final class ServiceBreakers {
  /** The most breakers that a gateway keeps. */
  @Bound(
      of = "circuit breakers",
      unit = "breakers",
      atIt = "one more is not kept: its requests go by none",
      metric = "gatehouse_breakers")
  static final int MOST = 1000;

  private static final Duration OPEN_FOR = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofMinutes(10);

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
  private final Clock clock;

  /**
   * @param registry gets the gauge {@code gatehouse.breakers}: how many are closed, open and on
   *     trial
   */
  public ServiceBreakers(MeterRegistry registry) {
    this(registry, Clock.systemUTC());
  }

  ServiceBreakers(MeterRegistry registry, Clock clock) {
    this.clock = clock;
    gauge(registry, "closed", State.CLOSED);
    gauge(registry, "open", State.OPEN);
    gauge(registry, "trial", State.HALF_OPEN);
  }

  private void gauge(MeterRegistry registry, String label, State state) {
    Gauge.builder("gatehouse.breakers", this, breakers -> breakers.count(state))
        .description("Circuit breakers, by state")
        .tag("state", label)
        .strongReference(true)
        .register(registry);
  }

  /** The breaker for a tenant's requests to a service; {@link ServiceBreaker#NONE} if none. */
  public ServiceBreaker of(EdgeService service, Tenant tenant) {
    Map<String, ServiceOverride> overrides = tenant.edge().services().orElse(Map.of());
    if (service.circuitBreaker().isEmpty() && overrides.isEmpty()) {
      return ServiceBreaker.NONE;
    }
    Optional<ServiceOverride> override = Optional.ofNullable(overrides.get(service.name()));
    Optional<CircuitBreaker> configured = configured(service, override);
    return configured.isEmpty()
        ? ServiceBreaker.NONE
        : find(Key.of(service, tenant, override), configured.get());
  }

  /**
   * The same breaker, only looked at; empty if there is none. One that no request has needed yet is
   * shown as it would be made.
   */
  public Optional<BreakerView> look(EdgeService service, Tenant tenant) {
    Optional<ServiceOverride> override =
        Optional.ofNullable(tenant.edge().services().orElse(Map.of()).get(service.name()));
    return configured(service, override)
        .map(config -> {
          Key key = Key.of(service, tenant, override);
          Entry known = entries.get(key);
          Entry shown =
              known != null && known.config.equals(config) ? known : newEntry(key, config);
          return new BreakerView(shown.describe(key), shown.refusal());
        });
  }

  private static Optional<CircuitBreaker> configured(
      EdgeService service, Optional<ServiceOverride> override) {
    return override.flatMap(ServiceOverride::circuitBreaker).or(service::circuitBreaker);
  }

  /**
   * Drops those that nobody used for ten minutes, as of a service or tenant that has gone. Call it
   * every few seconds, on any one thread.
   */
  public void sweep() {
    Instant latest = clock.instant().minus(IDLE);
    entries.values().removeIf(entry -> !entry.usedSince(latest));
  }

  /**
   * What operators see: a list of {@code {"service", "tenant", "state", "failureRatePercent",
   * "requests", "refused"}}, where a failure rate of -1 says that too few requests were seen.
   */
  public JsonArray toJson() {
    JsonArray all = new JsonArray();
    entries.forEach((key, entry) -> all.add(entry.describe(key)));
    return all;
  }

  /** The breaker that all tenants of a service share, for the control plane; empty if none is. */
  public Optional<BreakerHealth> health(String service) {
    return Optional.ofNullable(entries.get(new Key(service, "")))
        .map(entry ->
            new BreakerHealth(
                entry.breaker.breaker().getState().name().toLowerCase(Locale.ROOT),
                entry.since.truncatedTo(ChronoUnit.SECONDS)));
  }

  private ServiceBreaker find(Key key, CircuitBreaker config) {
    Entry entry = entries.get(key);
    if (entry == null || !entry.config.equals(config)) {
      if (entry == null && entries.size() >= MOST) {
        return ServiceBreaker.NONE;
      }
      entry =
          entries.compute(
              key,
              (_, known) ->
                  known != null && known.config.equals(config) ? known : newEntry(key, config));
    }
    entry.used = true;
    return entry.breaker;
  }

  private long count(State state) {
    return entries.values().stream()
        .filter(entry -> entry.breaker.breaker().getState() == state)
        .count();
  }

  private Entry newEntry(Key key, CircuitBreaker config) {
    Duration openFor = config.openFor().orElse(OPEN_FOR);
    int window = config.window().orElse(100);
    CircuitBreakerConfig settings =
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(window)
            .minimumNumberOfCalls(Math.min(window, config.minimumRequests().orElse(20)))
            .failureRateThreshold(config.failureRatePercent().orElse(50))
            .waitDurationInOpenState(openFor)
            .permittedNumberOfCallsInHalfOpenState(config.trials().orElse(5))
            .clock(clock)
            .build();
    return new Entry(
        config,
        openFor,
        new ServiceBreaker.Counting(
            io.github.resilience4j.circuitbreaker.CircuitBreaker.of(key.service(), settings),
            new Rejection.CircuitOpen(openFor)));
  }

  /**
   * @param tenant id of the tenant that has it to itself; empty if all share it
   */
  private record Key(String service, String tenant) {
    static Key of(EdgeService service, Tenant tenant, Optional<ServiceOverride> override) {
      boolean own =
          override
              .filter(it -> it.circuitBreaker().isPresent() || it.endpoints().isPresent())
              .isPresent();
      return new Key(service.name(), own ? tenant.id() : "");
    }
  }

  private final class Entry {
    private final CircuitBreaker config;
    private final ServiceBreaker.Counting breaker;
    private volatile boolean used = true;
    private volatile Instant lastUsed = clock.instant();
    private volatile Instant openUntil = Instant.MIN;
    private volatile Instant since = clock.instant();

    private Entry(CircuitBreaker config, Duration openFor, ServiceBreaker.Counting breaker) {
      this.config = config;
      this.breaker = breaker;
      breaker
          .breaker()
          .getEventPublisher()
          .onStateTransition(event -> {
            since = clock.instant();
            if (event.getStateTransition().getToState() == State.OPEN) {
              openUntil = clock.instant().plus(openFor);
            }
          });
    }

    /** Resilience4j notices that its time is over at the next request only. */
    private Optional<Rejection> refusal() {
      boolean open = breaker.breaker().getState() == State.OPEN;
      return open && clock.instant().isBefore(openUntil)
          ? Optional.of(breaker.refusal())
          : Optional.empty();
    }

    private boolean usedSince(Instant latest) {
      if (used) {
        used = false;
        lastUsed = clock.instant();
      }
      return lastUsed.isAfter(latest);
    }

    private JsonObject describe(Key key) {
      var metrics = breaker.breaker().getMetrics();
      JsonObject described =
          JsonObject.of(
              "service", key.service(),
              "state", breaker.breaker().getState().name().toLowerCase(Locale.ROOT),
              "failureRatePercent", metrics.getFailureRate(),
              "requests", metrics.getNumberOfBufferedCalls(),
              "refused", metrics.getNumberOfNotPermittedCalls());
      return key.tenant().isEmpty() ? described : described.put("tenant", key.tenant());
    }
  }
}
