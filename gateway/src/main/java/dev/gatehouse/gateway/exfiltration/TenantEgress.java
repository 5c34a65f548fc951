package dev.gatehouse.gateway.exfiltration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.audit.Sha256;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one tenant: one for all that leaves, one for each caller. A caller who has a meter
 * keeps it however many others come, so that nobody can have himself forgotten; those who come when
 * there is no room share one. Whoever shows no credential counts for the tenant alone.
 */
final class TenantEgress {
  /** The meter of all callers. */
  private static final String ALL = "";

  /** The meter of callers that there is no room for. No subject or key is called so. */
  private static final String OTHERS = "*others";

  /** What is longer takes a meter by its fingerprint. */
  private static final int LONGEST_NAME = 128;

  private static final int FINGERPRINT_BYTES = 16;

  /** Callers that the audit trail is told of in a window: nobody's alarms crowd out others'. */
  private static final int MOST_TOLD = 20;

  private final ExfiltrationGuard guard;
  private final UUID id;
  private final Map<String, EgressMeter> principals = new ConcurrentHashMap<>();
  private volatile EdgeTenant edge;
  private volatile EgressBudget budget;
  private final EgressMeter whole;
  private final AtomicInteger told = new AtomicInteger();
  private volatile @Nullable EgressMeter others;

  TenantEgress(ExfiltrationGuard guard, EdgeTenant edge) {
    this.guard = guard;
    this.id = edge.id();
    this.edge = edge;
    this.budget = guard.budgetOf(edge);
    this.whole = new EgressMeter(this, ALL, guard.config());
  }

  UUID id() {
    return id;
  }

  /** The meter of all that leaves. */
  EgressMeter whole() {
    return whole;
  }

  /** The meter of a caller; made when the first response is about to leave to it. */
  EgressMeter of(Principal principal) {
    if (principal.credential() instanceof Credential.None) {
      return whole;
    }
    String name = nameOf(principal);
    EgressMeter known = principals.get(name);
    return known != null ? known : added(name);
  }

  /** The same, but makes none. */
  Optional<EgressMeter> known(Principal principal) {
    return principal.credential() instanceof Credential.None
        ? Optional.of(whole)
        : Optional.ofNullable(principals.get(nameOf(principal)))
            .or(() -> Optional.ofNullable(others));
  }

  private String nameOf(Principal principal) {
    String name =
        principal.credential() instanceof Credential.Key key ? key.keyId() : principal.subject();
    return name.length() <= LONGEST_NAME ? name : fingerprintOf(name);
  }

  private EgressMeter added(String name) {
    if (principals.size() >= guard.config().maxPrincipalsPerTenant() || !guard.takePlace()) {
      return others();
    }
    EgressMeter made = new EgressMeter(this, name, guard.config());
    EgressMeter other = principals.putIfAbsent(name, made);
    return other == null ? made : other;
  }

  private EgressMeter others() {
    guard.untracked();
    EgressMeter known = others;
    return known != null ? known : addedOthers();
  }

  private synchronized EgressMeter addedOthers() {
    EgressMeter known = others;
    if (known == null) {
      known = new EgressMeter(this, OTHERS, guard.config());
      others = known;
    }
    return known;
  }

  OptionalLong byteBudget(EgressMeter meter) {
    return isWhole(meter) ? budget.tenantBytes() : budget.principalBytes();
  }

  OptionalLong recordBudget(EgressMeter meter) {
    return isWhole(meter) ? budget.tenantRecords() : budget.principalRecords();
  }

  private static boolean isWhole(EgressMeter meter) {
    return meter.principal().equals(ALL);
  }

  long recordsIn(MultiMap headers) {
    return guard.recordsIn(headers);
  }

  Rejection refusalOf(EgressMeter meter) {
    return guard.refusalOf(meter);
  }

  boolean breaksOff() {
    return guard.config().breakOff();
  }

  Action action() {
    return budget.action().orElse(guard.config().action());
  }

  /** How events name a caller; empty for all of them. Who it was, whoever knows both can tell. */
  Optional<String> fingerprintOf(EgressMeter meter) {
    return switch (meter.principal()) {
      case ALL -> Optional.empty();
      case OTHERS -> Optional.of("others");
      default -> Optional.of(fingerprintOf(meter.principal()));
    };
  }

  /** The first half of SHA-256 over the tenant's id, a line feed and the name. */
  private String fingerprintOf(String name) {
    byte[] digest = Sha256.of((id + "\n" + name).getBytes(UTF_8));
    return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
  }

  /**
   * Too much has left.
   *
   * @return whether nothing more is to leave until the span ends
   */
  boolean tell(EgressMeter meter, EgressTaken taken, String address) {
    Action action = action();
    boolean reported = isWhole(meter) || told.getAndIncrement() < MOST_TOLD;
    guard.tell(this, action, taken, reported, address);
    return action == Action.CUT_OFF;
  }

  /** Goes by what the tenant says of itself now. */
  @SuppressWarnings("ReferenceEquality") // A tenant is replaced, never changed.
  void follow(EdgeTenant now) {
    if (now == edge) {
      return;
    }
    edge = now;
    EgressBudget changed = guard.budgetOf(now);
    if (changed.equals(budget)) {
      return;
    }
    budget = changed;
    forEach(EgressMeter::fit);
    if (action() != Action.CUT_OFF) {
      forEach(EgressMeter::lift);
    }
  }

  /** Forgets what is usual, and ends all cut-offs. */
  void learnAnew() {
    forEach(EgressMeter::learnAnew);
  }

  void windowEnded(boolean periodEnds) {
    told.set(0);
    forEach(meter -> meter.windowEnded(periodEnds));
  }

  /** Forgets callers to whom nothing has left for so many windows. */
  void forgetIdle(long windows) {
    principals.values().removeIf(meter -> meter.idleWindows() >= windows);
  }

  /** Whether there is little room left for its callers. */
  boolean isCrowded() {
    return principals.size() > guard.config().maxPrincipalsPerTenant() / 4 * 3;
  }

  private void forEach(Consumer<EgressMeter> action) {
    action.accept(whole);
    EgressMeter shared = others;
    if (shared != null) {
      action.accept(shared);
    }
    principals.values().forEach(action);
  }

  /** The meters of its callers; those that share one are not told apart. */
  Collection<EgressMeter> principals() {
    return principals.values();
  }

  Optional<EgressMeter> sharedByOthers() {
    return Optional.ofNullable(others);
  }
}
