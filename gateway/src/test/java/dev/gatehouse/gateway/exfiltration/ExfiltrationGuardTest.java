package dev.gatehouse.gateway.exfiltration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.contract.security.EgressTaken.Span;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.rejection.Rejection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows, periods, alarms and cut-offs, in virtual time. */
@Timeout(30)
class ExfiltrationGuardTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int WINDOWS_PER_PERIOD = 6;
  private static final int LEARN = 10;
  private static final long LEAST = 10_000;
  private static final int MOST_OF_TENANT = 5;
  private static final int MOST = 12;
  private static final String ADDRESS = "192.0.2.7";

  private final Map<UUID, EdgeTenant> tenants = new HashMap<>();
  private final List<SecurityEvent> events = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private long nanos;
  private long revision;
  private ExfiltrationGuard guard = guard(Action.ALARM);
  private final EdgeTenant acme = tenant("acme");

  private ExfiltrationGuard guard(Action action) {
    return guard(action, MOST, MOST_OF_TENANT);
  }

  private ExfiltrationGuard guard(Action action, int most, int mostOfTenant) {
    return new ExfiltrationGuard(
        new ExfiltrationConfig(
            budget(action, OptionalLong.empty()),
            new WindowConfig(WINDOW, 20, LEARN, 6, LEAST, 1000),
            new PeriodConfig(WINDOW.multipliedBy(WINDOWS_PER_PERIOD), 7, 4, 2, 3 * LEAST, 100_000),
            true,
            "X-Record-Count",
            most,
            mostOfTenant),
        () -> nanos,
        () -> Instant.EPOCH.plusNanos(nanos),
        events::add,
        metrics);
  }

  private static EgressBudget budget(Action action, OptionalLong principalBytes) {
    return new EgressBudget(
        Optional.of(action),
        principalBytes,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private EdgeTenant tenant(String slug) {
    EdgeTenant tenant =
        new EdgeTenant(
            UUID.randomUUID(),
            new Slug(slug),
            TenantStatus.ACTIVE,
            List.of(),
            Set.of(AuthenticationMethod.API_KEY),
            EdgeLimits.NONE);
    tenants.put(tenant.id(), tenant);
    return tenant;
  }

  private static Principal caller(String key) {
    return new Principal("robot", Set.of(), Set.of(), new Credential.Key(key));
  }

  private void take(EdgeTenant tenant, String key, long bytes) {
    EgressMeter meter = guard.admit(tenant, caller(key));
    meter.answered(MultiMap.caseInsensitiveMultiMap(), ADDRESS);
    meter.pass(bytes, ADDRESS);
  }

  private void endWindow() {
    nanos += WINDOW.toNanos();
    guard.sweep(++revision, id -> Optional.ofNullable(tenants.get(id)));
  }

  /** So many windows in which that much leaves, give or take a tenth. */
  private void usual(EdgeTenant tenant, String key, long bytes, int windows) {
    for (int i = 0; i < windows; i++) {
      take(tenant, key, bytes * ThreadLocalRandom.current().nextLong(90, 111) / 100);
      endWindow();
    }
  }

  private List<SecurityEvent> ofCallers() {
    return events.stream().filter(event -> taken(event).principal().isPresent()).toList();
  }

  private static EgressTaken taken(SecurityEvent event) {
    return event.egress().orElseThrow();
  }

  @Test
  void alarmsAtWhatIsUnusualOnceAWindow() {
    usual(acme, "k1", 100_000, 30);
    assertThat(events).isEmpty();

    take(acme, "k1", 150_000);
    take(acme, "k1", 850_000);
    take(acme, "k1", 850_000);

    SecurityEvent alarm = ofCallers().getFirst();
    assertThat(ofCallers().stream().filter(e -> taken(e).span() == Span.WINDOW)).hasSize(1);
    assertThat(alarm.kind()).isEqualTo(Kind.EGRESS_ALARM);
    assertThat(alarm.tenant()).contains(acme.id());
    assertThat(alarm.address()).isEqualTo(ADDRESS);
    assertThat(taken(alarm).principal().orElseThrow()).hasSize(32).doesNotContain("k1");
    assertThat(taken(alarm).bytes().taken()).isEqualTo(1_000_000);
    assertThat(taken(alarm).bytes().usual().orElseThrow()).isBetween(95_000L, 105_000L);
    assertThat(taken(alarm).bytes().most().orElseThrow()).isBetween(150_000L, 200_000L);
    assertThat(Duration.between(alarm.from(), alarm.to())).isLessThan(WINDOW);

    endWindow();
    take(acme, "k1", 1_000_000);
    assertThat(ofCallers().stream().filter(e -> taken(e).span() == Span.WINDOW)).hasSize(2);
  }

  @Test
  void alarmsAtNothingWhileItLearns() {
    take(acme, "k1", 1);
    endWindow();
    for (int i = 0; i < LEARN; i++) {
      take(acme, "k1", i % 2 == 0 ? 1_000 : 1_000_000);
      endWindow();
    }

    assertThat(events).isEmpty();
  }

  @Test
  void letsBeWhatIsLittleAtAll() {
    usual(acme, "k1", 10, 30);

    take(acme, "k1", LEAST);

    assertThat(events).isEmpty();
  }

  @Test
  void countsRecordsAsTheServiceSays() {
    usual(acme, "k1", 10, 30);
    MultiMap many = MultiMap.caseInsensitiveMultiMap().add("x-record-count", "1001");

    guard.admit(acme, caller("k1")).answered(many, ADDRESS);

    assertThat(taken(ofCallers().getFirst()).records().taken()).isEqualTo(1001);
    assertThat(guard.recordsIn(many.set("X-Record-Count", "0"))).isZero();
    for (String nonsense : new String[] {"", "-1", "1e9", "9999999999", "1 "}) {
      assertThat(guard.recordsIn(many.set("X-Record-Count", nonsense))).as(nonsense).isOne();
    }
  }

  @Test
  void holdsBudgetsFromTheFirstWindowOn() {
    EdgeTenant bound = tenant("bound").with(budget(Action.CUT_OFF, OptionalLong.of(5000)));

    take(bound, "k1", 5000);
    assertThat(events).isEmpty();
    take(bound, "k1", 1);

    assertThat(events).extracting(SecurityEvent::kind).containsExactly(Kind.EGRESS_CUT_OFF);
    assertThat(retryAfter(bound, "k1")).isEqualTo(WINDOW.toSeconds() + 1);
    assertThatCode(() -> take(bound, "k2", 1)).doesNotThrowAnyException();
  }

  private long retryAfter(EdgeTenant tenant, String key) {
    Rejection.EgressBudget refusal =
        catchThrowableOfType(Rejection.EgressBudget.class, () -> guard.admit(tenant, caller(key)));
    assertThat(refusal).as("cut off").isNotNull();
    return refusal.retryAfterSeconds();
  }

  @Test
  void cutsOffUntilTheWindowEnds() {
    guard = guard(Action.CUT_OFF);
    usual(acme, "k1", 100_000, 30);
    EgressMeter streaming = guard.admit(acme, caller("k1"));
    nanos += WINDOW.toNanos() / 2;
    assertThat(streaming.breaksOff()).isFalse();

    take(acme, "k1", 190_000);

    assertThat(streaming.breaksOff()).isTrue();
    assertThat(retryAfter(acme, "k1")).isEqualTo(WINDOW.toSeconds() / 2 + 1);
    nanos -= WINDOW.toNanos() / 2;
    endWindow();
    assertThat(streaming.breaksOff()).isFalse();
    take(acme, "k1", 100_000);
  }

  /** Less than the limit of a window in each of them, but far more than usual in all. */
  @Test
  void findsInThePeriodWhatIsLittleInEachWindow() {
    usual(acme, "k1", 100_000, 6 * WINDOWS_PER_PERIOD);
    for (int i = 0; i < WINDOWS_PER_PERIOD; i++) {
      take(acme, "k1", i % 2 == 0 ? 160_000 : 165_000);
      endWindow();
    }

    assertThat(ofCallers()).hasSize(1);
    assertThat(taken(ofCallers().getFirst()).span()).isEqualTo(Span.PERIOD);
    assertThat(taken(ofCallers().getFirst()).bytes().taken()).isBetween(740_000L, 6 * 165_000L);
  }

  @Test
  void cutsOffUntilThePeriodEndsWhereThatIsWhatIsTooMuch() {
    guard = guard(Action.CUT_OFF);
    usual(acme, "k1", 100_000, 6 * WINDOWS_PER_PERIOD);
    int served = 0;
    while (served < WINDOWS_PER_PERIOD && isServed(acme, "k1")) {
      take(acme, "k1", served++ % 2 == 0 ? 160_000 : 165_000);
      endWindow();
    }

    assertThat(served).isBetween(4, WINDOWS_PER_PERIOD - 1);
    assertThat(retryAfter(acme, "k1"))
        .isEqualTo((WINDOWS_PER_PERIOD - served) * WINDOW.toSeconds() + 1);
    for (; served < WINDOWS_PER_PERIOD; served++) {
      endWindow();
    }
    assertThat(isServed(acme, "k1")).isTrue();
  }

  private boolean isServed(EdgeTenant tenant, String key) {
    try {
      guard.admit(tenant, caller(key));
      return true;
    } catch (Rejection.EgressBudget cutOff) {
      return false;
    }
  }

  @Test
  void learnsNothingFromWhatItAlarmedAt() {
    usual(acme, "k1", 100_000, 30);
    for (int i = 0; i < 50; i++) {
      take(acme, "k1", 1_000_000);
      endWindow();
    }

    List<SecurityEvent> windows =
        ofCallers().stream().filter(e -> taken(e).span() == Span.WINDOW).toList();
    assertThat(windows).hasSize(50);
    assertThat(taken(windows.getLast()).bytes().usual())
        .isEqualTo(taken(windows.getFirst()).bytes().usual());
  }

  /** Whoever knows the limit, and takes just less in every window, is found by the period. */
  @Test
  void isNotTrainedBySomebodyWhoStaysBelowTheLimit() {
    usual(acme, "k1", 100_000, 6 * WINDOWS_PER_PERIOD);
    long limit = 165_000;
    int windows = 0;
    while (events.isEmpty()) {
      take(acme, "k1", limit);
      endWindow();
      windows++;
    }

    assertThat(windows).isLessThanOrEqualTo(WINDOWS_PER_PERIOD);
    assertThat(events).allMatch(event -> taken(event).span() == Span.PERIOD);
  }

  @Test
  void anonymousCallersCountForTheTenantAlone() {
    EgressMeter meter = guard.admit(acme, Principal.anonymous());

    assertThat(meter.principal()).isEmpty();
    meter.pass(100, ADDRESS);
    assertThat(guard.view(acme.id()).orElseThrow().getInteger("principals")).isZero();
  }

  @Test
  void keepsWhomItKnowsHoweverManyOthersCome() {
    guard = guard(Action.CUT_OFF);
    usual(acme, "k1", 100_000, 30);
    for (int i = 0; i < 1000; i++) {
      take(acme, "flood-" + i, 1);
    }
    endWindow();

    assertThat(guard.view(acme.id()).orElseThrow().getInteger("principals"))
        .isEqualTo(MOST_OF_TENANT);
    assertThat(metrics.counter("gatehouse.exfiltration.untracked").count()).isEqualTo(996);
    take(acme, "k1", 10_000_000);
    assertThat(isServed(acme, "k1")).isFalse();
  }

  @Test
  void countsThoseTogetherThatThereIsNoRoomFor() {
    EdgeTenant bound = tenant("bound").with(budget(Action.CUT_OFF, OptionalLong.of(5000)));
    for (int i = 0; i < MOST_OF_TENANT; i++) {
      take(bound, "k" + i, 1);
    }
    take(bound, "one-more", 3000);
    take(bound, "and-another", 3000);

    assertThat(taken(events.getFirst()).principal()).hasValue("others");
    assertThat(isServed(bound, "one-more")).isFalse();
    assertThat(isServed(bound, "a-third")).isFalse();
    assertThat(isServed(bound, "k0")).isTrue();
  }

  @Test
  void oneTenantsFloodLeavesOthersTheirRoomAndTheirAlarms() {
    EdgeTenant globex = tenant("globex").with(budget(Action.ALARM, OptionalLong.of(5000)));
    EdgeTenant noisy = tenant("noisy").with(budget(Action.ALARM, OptionalLong.of(5)));
    for (int i = 0; i < 1000; i++) {
      take(noisy, "k" + i, 6);
    }
    take(globex, "k1", 5001);

    assertThat(guard.view(globex.id()).orElseThrow().getInteger("principals")).isOne();
    assertThat(events)
        .filteredOn(event -> event.tenant().equals(Optional.of(globex.id())))
        .hasSize(1);
    assertThat(events).hasSizeLessThan(25);
  }

  @Test
  void tellsOfFewCallersOfATenantInAWindowButAlwaysOfTheTenant() {
    guard = guard(Action.ALARM, 1000, 100);
    EdgeTenant noisy =
        tenant("noisy")
            .with(
                new EgressBudget(
                    Optional.of(Action.ALARM),
                    OptionalLong.of(5),
                    OptionalLong.empty(),
                    OptionalLong.of(595),
                    OptionalLong.empty()));
    for (int i = 0; i < 100; i++) {
      take(noisy, "k" + i, 6);
    }

    assertThat(ofCallers()).hasSize(20);
    assertThat(taken(events.getLast()).principal()).as("the tenant").isEmpty();
    assertThat(metrics.counter("gatehouse.exfiltration.unreported").count()).isEqualTo(80);
  }

  @Test
  void whoIsIdleForLongMakesRoomWhereItIsScarce() {
    for (int i = 0; i < MOST_OF_TENANT; i++) {
      take(acme, "k" + i, 100);
    }
    for (int i = 0; i <= 30 * WINDOWS_PER_PERIOD; i++) {
      take(acme, "k0", 100);
      endWindow();
    }

    assertThat(guard.view(acme.id()).orElseThrow().getInteger("principals")).isOne();
  }

  @Test
  void followsTheTenantsSettings() {
    EdgeTenant bound = tenant("bound").with(budget(Action.CUT_OFF, OptionalLong.of(5000)));
    take(bound, "k1", 6000);
    assertThat(isServed(bound, "k1")).isFalse();

    tenants.put(bound.id(), bound.with(budget(Action.ALARM, OptionalLong.of(5000))));
    guard.sweep(++revision, id -> Optional.ofNullable(tenants.get(id)));

    assertThat(isServed(bound, "k1")).isTrue();
  }

  @Test
  void tellsNobodyOfWhatItOnlyObserves() {
    EdgeTenant watched = tenant("watched").with(budget(Action.OBSERVE, OptionalLong.of(5000)));

    take(watched, "k1", 6000);

    assertThat(events).isEmpty();
    assertThat(isServed(watched, "k1")).isTrue();
    assertThat(
            metrics
                .get("gatehouse.exfiltration.alarms")
                .tags("of", "principal", "span", "window", "action", "observe")
                .counter()
                .count())
        .isOne();
  }

  @Test
  void learnsAnewWhatTheOperatorSaysIsUsual() {
    guard = guard(Action.CUT_OFF);
    usual(acme, "k1", 100_000, 30);
    take(acme, "k1", 1_000_000);
    EgressMeter streaming = guard.of(acme).of(caller("k1"));
    assertThat(streaming.breaksOff()).isTrue();

    guard.learnAnew(acme.id());

    assertThat(streaming.breaksOff()).isFalse();
    take(acme, "k1", 10_000_000);
    assertThat(isServed(acme, "k1")).isTrue();
  }

  /** Whoever holds a stream open would be counted by nobody. */
  @Test
  void countsWhatWasUnderWayWhenItBeganToLearnAnew() {
    EdgeTenant bound = tenant("bound").with(budget(Action.CUT_OFF, OptionalLong.of(5000)));
    EgressMeter streaming = guard.admit(bound, caller("k1"));
    guard.learnAnew(bound.id());

    streaming.pass(5001, ADDRESS);

    assertThat(isServed(bound, "k1")).isFalse();
  }

  @Test
  void keepsNothingOfTenantsThatAreGone() {
    take(acme, "k1", 100);
    tenants.remove(acme.id());
    guard.sweep(++revision, id -> Optional.ofNullable(tenants.get(id)));

    assertThat(guard.view(acme.id())).isEmpty();
    assertThat(metrics.get("gatehouse.exfiltration.principals").gauge().value()).isZero();
  }
}
