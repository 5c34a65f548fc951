package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.rejection.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows how much leaves to each tenant and caller, how much that is usually, and to whom nothing
 * more is to leave for now. What a gateway has seen is its own, and forgotten when it stops. Any
 * thread, but for {@link #sweep}; never blocks it.
 */
public final class ExfiltrationGuard {
  private static final String TENANT = "tenant";
  private static final String PRINCIPAL = "principal";

  private static final Logger LOG = LoggerFactory.getLogger(ExfiltrationGuard.class);

  /** Callers to whom nothing has left for so many periods make room for others. */
  private static final int FORGET_AFTER_PERIODS = 30;

  /** More digits are no number of records. */
  private static final int MOST_DIGITS = 9;

  private static final int MOST_SHOWN = 20;

  private final ExfiltrationConfig config;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final Consumer<SecurityEvent> events;
  private final MeterRegistry metrics;
  private final CharSequence recordsHeader;
  private final Map<UUID, TenantEgress> tenants = new ConcurrentHashMap<>();
  private final AtomicInteger places = new AtomicInteger();
  private final Counter untracked;
  private final Counter unreported;
  private volatile long windowBegan;
  private volatile long windowNumber;
  private long sweptRevision = -1;

  /**
   * @param nanos a clock that only goes forward, as {@link System#nanoTime()}
   * @param clock what time it is, for events
   * @param events is told of what the audit trail is to be told of
   * @param metrics gets {@code gatehouse.exfiltration.principals} and three counters
   */
  public ExfiltrationGuard(
      ExfiltrationConfig config,
      LongSupplier nanos,
      InstantSource clock,
      Consumer<SecurityEvent> events,
      MeterRegistry metrics) {
    this.config = config;
    this.nanos = nanos;
    this.clock = clock;
    this.events = events;
    this.metrics = metrics;
    // From the beginning on: the first alarm must not be missed because there was no series.
    for (EgressTaken.Span span : EgressTaken.Span.values()) {
      for (Action action : Action.values()) {
        Counter _ = alarms(TENANT, span, action);
        Counter _ = alarms(PRINCIPAL, span, action);
      }
    }
    this.recordsHeader = HttpHeaders.createOptimized(config.recordsHeader());
    this.windowBegan = nanos.getAsLong();
    Gauge.builder("gatehouse.exfiltration.principals", places, AtomicInteger::get)
        .description("Callers whose share of what leaves is known")
        .register(metrics);
    this.untracked =
        Counter.builder("gatehouse.exfiltration.untracked")
            .description("Requests of callers that there was no room for")
            .register(metrics);
    this.unreported =
        Counter.builder("gatehouse.exfiltration.unreported")
            .description("Alarms that the audit trail was not told of, as a tenant had too many")
            .register(metrics);
  }

  /**
   * Lets a request pass.
   *
   * @return what counts what leaves in its response
   * @throws Rejection.EgressBudget if nothing more is to leave to its caller
   */
  public EgressMeter admit(EdgeTenant tenant, Principal caller) {
    EgressMeter meter = of(tenant).of(caller);
    requireRoom(meter);
    return meter;
  }

  /**
   * Decides as {@link #admit} would, for a request that is only explained.
   *
   * @throws Rejection.EgressBudget as {@link #admit} does
   */
  public void wouldAdmit(EdgeTenant tenant, Principal caller) {
    TenantEgress known = tenants.get(tenant.id());
    if (known != null) {
      known.known(caller).ifPresent(this::requireRoom);
    }
  }

  private void requireRoom(EgressMeter meter) {
    if (meter.isCut()) {
      throw refusalOf(meter);
    }
  }

  /** How requests of a caller are refused who is cut off. */
  Rejection.EgressBudget refusalOf(EgressMeter meter) {
    return new Rejection.EgressBudget(meter.isCutForPeriod() ? leftOfPeriod() : leftOfWindow());
  }

  TenantEgress of(EdgeTenant tenant) {
    TenantEgress known = tenants.get(tenant.id());
    return known != null
        ? known
        : tenants.computeIfAbsent(tenant.id(), _ -> new TenantEgress(this, tenant));
  }

  private Duration leftOfWindow() {
    long left = windowBegan + config.window().length().toNanos() - nanos.getAsLong();
    return Duration.ofNanos(Math.max(0, left));
  }

  private Duration leftOfPeriod() {
    long more = config.windowsPerPeriod() - 1 - windowNumber % config.windowsPerPeriod();
    return leftOfWindow().plus(config.window().length().multipliedBy(more));
  }

  /**
   * Ends windows and periods whose time has come, and learns from them. Call it every {@link
   * ExfiltrationConfig#sweepMillis()}, always on the same thread.
   *
   * @param revision of the directory; tenants are looked at only where it is another
   * @param directory the tenants as they are now; nothing is kept of those that are not there
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
  public void sweep(long revision, Function<UUID, Optional<EdgeTenant>> directory) {
    long length = config.window().length().toNanos();
    long ended = (nanos.getAsLong() - windowBegan) / length;
    if (ended == 0 && revision == sweptRevision) {
      return;
    }
    sweptRevision = revision;
    long periodsBefore = windowNumber / config.windowsPerPeriod();
    windowBegan += ended * length;
    windowNumber += ended;
    boolean periodEnds = windowNumber / config.windowsPerPeriod() > periodsBefore;
    boolean scarce = places.get() > config.maxPrincipals() / 4 * 3;
    long forgetAfter = FORGET_AFTER_PERIODS * config.windowsPerPeriod();
    for (TenantEgress tenant : tenants.values()) {
      directory
          .apply(tenant.id())
          .ifPresentOrElse(tenant::follow, () -> tenants.remove(tenant.id()));
      if (ended > 0) {
        tenant.windowEnded(periodEnds);
        if (scarce || tenant.isCrowded()) {
          tenant.forgetIdle(forgetAfter);
        }
      }
    }
    places.set(tenants.values().stream().mapToInt(tenant -> tenant.principals().size()).sum());
  }

  /**
   * Forgets what is usual for a tenant and its callers, and ends its cut-offs: what leaves from now
   * on is learned from anew.
   */
  public void learnAnew(UUID tenant) {
    TenantEgress known = tenants.get(tenant);
    if (known != null) {
      known.learnAnew();
    }
  }

  /** What is known of a tenant, and of those of its callers to whom most has left. */
  public Optional<JsonObject> view(UUID tenant) {
    return Optional.ofNullable(tenants.get(tenant)).map(this::viewOf);
  }

  private JsonObject viewOf(TenantEgress tenant) {
    JsonArray most = new JsonArray();
    Stream.concat(tenant.principals().stream(), tenant.sharedByOthers().stream())
        .map(EgressMeter::view)
        .sorted(
            Comparator.comparing(EgressView::cutOff)
                .thenComparingLong(EgressView::bytes)
                .reversed())
        .limit(MOST_SHOWN)
        .forEach(view -> most.add(view.toJson()));
    return JsonObject.of(
        "tenant", tenant.id().toString(),
        "action", tenant.action().wireName(),
        "windowEndsInSeconds", leftOfWindow().toSeconds(),
        "periodEndsInSeconds", leftOfPeriod().toSeconds(),
        "all", tenant.whole().view().toJson(),
        "principals", tenant.principals().size(),
        "most", most);
  }

  private Counter alarms(String of, EgressTaken.Span span, Action action) {
    return Counter.builder("gatehouse.exfiltration.alarms")
        .description("Times that more left to a tenant or caller than may, or than is usual")
        .tag("of", of)
        .tag("span", span.wireName())
        .tag("action", action.wireName())
        .register(metrics);
  }

  /**
   * More has left than may.
   *
   * @param reported whether the audit trail is told, if it is to be told of such things at all
   */
  void tell(
      TenantEgress tenant, Action action, EgressTaken taken, boolean reported, String address) {
    alarms(taken.principal().isEmpty() ? TENANT : PRINCIPAL, taken.span(), action).increment();
    if (action == Action.OBSERVE) {
      return;
    }
    if (!reported) {
      unreported.increment();
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    long began = windowBegan;
    if (taken.span() == EgressTaken.Span.PERIOD) {
      began -= windowNumber % config.windowsPerPeriod() * config.window().length().toNanos();
    }
    Instant from = now.minusNanos(nanos.getAsLong() - began).truncatedTo(ChronoUnit.MILLIS);
    Kind kind = action == Action.CUT_OFF ? Kind.EGRESS_CUT_OFF : Kind.EGRESS_ALARM;
    LOG.warn(
        "{}: tenant {}, principal {}, {}: bytes {}, records {}",
        kind.wireName(),
        tenant.id(),
        taken.principal().orElse("all"),
        taken.span().wireName(),
        taken.bytes(),
        taken.records());
    events.accept(
        new SecurityEvent(
            kind, Optional.of(tenant.id()), address, from, now, 1, Optional.of(taken)));
  }

  ExfiltrationConfig config() {
    return config;
  }

  EgressBudget budgetOf(EdgeTenant tenant) {
    return tenant.exfiltration().map(own -> own.orElse(config.budget())).orElse(config.budget());
  }

  /** What a service says, or one. */
  long recordsIn(MultiMap headers) {
    String said = headers.get(recordsHeader);
    if (said == null || said.isEmpty() || said.length() > MOST_DIGITS) {
      return 1;
    }
    long number = 0;
    for (int i = 0; i < said.length(); i++) {
      char digit = said.charAt(i);
      if (digit < '0' || digit > '9') {
        return 1;
      }
      number = number * 10 + digit - '0';
    }
    return number;
  }

  /** Whether there is room for one more caller; it is taken then, and counted anew by a sweep. */
  boolean takePlace() {
    if (places.incrementAndGet() <= config.maxPrincipals()) {
      return true;
    }
    places.decrementAndGet();
    return false;
  }

  void untracked() {
    untracked.increment();
  }
}
