package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.share.RecordingWaiter.Client;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is sent, who waits and who is refused. */
@Timeout(60)
class ServiceShareTest {
  private static final List<Client> CLIENTS = List.of(Client.values());

  private final ManualTime time = new ManualTime();

  private ServiceShares shares(ShareMeters meters) {
    return new ServiceShares(1, meters, new AdaptiveLimits(1), time);
  }

  @Test
  void admitsAtOnceWhileThereIsRoomAndThenInTurn() {
    ServiceShare share = Shares.fixed(1, 10, 10, time);
    RecordingWaiter first = new RecordingWaiter();
    RecordingWaiter second = new RecordingWaiter();
    Permit permit = share.enter(TestTenants.weighing(1), first);
    share.enter(TestTenants.weighing(1), second);
    assertThat(first.wasAdmitted()).isTrue();
    assertThat(second.wasAdmitted()).isFalse();

    permit.release(Outcome.SUCCESS, 1);
    permit.release(Outcome.SUCCESS, 1);

    assertThat(second.wasAdmitted()).isTrue();
    assertThat(share.inFlight()).isEqualTo(1);
  }

  @Test
  void refusesATenantWhosePartOfTheQueueIsFull() {
    ServiceShare share = Shares.fixed(1, 10, 1, time);
    Tenant tenant = TestTenants.weighing(1);
    share.enter(tenant, new RecordingWaiter());
    share.enter(tenant, new RecordingWaiter());
    assertThatExceptionOfType(Rejection.Overloaded.class)
        .isThrownBy(() -> share.enter(tenant, new RecordingWaiter()))
        .withMessageContaining("1 requests of this tenant wait");
  }

  @Test
  void makesRoomForATenantThatHasFewerWaiting() {
    ServiceShare share = Shares.fixed(1, 3, 3, time);
    Tenant flooding = TestTenants.weighing(1);
    share.enter(flooding, new RecordingWaiter());
    List<RecordingWaiter> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(new RecordingWaiter());
      share.enter(flooding, waiting.get(i));
    }
    RecordingWaiter newcomer = new RecordingWaiter();
    share.enter(TestTenants.weighing(1), newcomer);

    assertThat(waiting).extracting(RecordingWaiter::wasRefused).containsExactly(false, false, true);
    assertThat(waiting.get(2).detail()).contains("made room for another tenant");
    assertThat(newcomer.isOver()).isFalse();
    assertThat(share.waiting()).isEqualTo(3);
  }

  @Test
  void refusesTheNewcomerWhereNobodyHasMoreWaiting() {
    ServiceShare share = Shares.fixed(1, 2, 2, time);
    for (int i = 0; i < 3; i++) {
      share.enter(TestTenants.weighing(1), new RecordingWaiter());
    }
    assertThatExceptionOfType(Rejection.Overloaded.class)
        .isThrownBy(() -> share.enter(TestTenants.weighing(1), new RecordingWaiter()))
        .withMessageContaining("2 requests wait for it");
  }

  @Test
  void countsWhatWaitsAmongTheRequestsThatRetriesAreAPartOf() {
    ServiceShare share = Shares.fixed(1, 1000, 1000, time);
    enter(share, TestTenants.weighing(1), 500, Client.PROMPT);
    int retries = 0;
    while (share.retryBudget().tryRetry()) {
      retries++;
    }
    assertThat(retries).as("a hundred are free").isEqualTo(100 + 100);
  }

  @Test
  void refusesWhatHasWaitedAsLongAsItMay() {
    ServiceShare share = Shares.fixed(1, 10, 10, time);
    share.enter(TestTenants.weighing(1), new RecordingWaiter());
    RecordingWaiter waiting = new RecordingWaiter();
    share.enter(TestTenants.weighing(1), waiting);
    time.passMillis(999);
    share.expire(time.getAsLong());
    assertThat(waiting.isOver()).isFalse();
    time.passMillis(1);
    share.expire(time.getAsLong());
    assertThat(waiting.detail()).contains("waited 1000 ms");
    assertThat(share.waiting()).isZero();
  }

  @Test
  void endsSlowClientsOfATenantWithMoreThanItsShareWhenOthersWait() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    Tenant flooding = TestTenants.weighing(1);
    List<RecordingWaiter> slow = enter(share, flooding, 4, Client.SLOW);
    share.expire(time.getAsLong());
    assertThat(slow).as("nobody waits").noneMatch(RecordingWaiter::wasRefused);

    List<RecordingWaiter> others = enter(share, TestTenants.weighing(1), 3, Client.PROMPT);
    share.expire(time.getAsLong());

    assertThat(slow)
        .extracting(RecordingWaiter::wasRefused)
        .as("its share is two of the four; the first two have lent their places already")
        .containsExactly(false, false, true, false);
    assertThat(slow.get(2).detail()).contains("too slowly while other requests waited");
    assertThat(others).extracting(RecordingWaiter::wasAdmitted).containsOnly(true);
  }

  @Test
  void lendsThePlacesOfClientsThatAreBehind() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    List<RecordingWaiter> behind = enter(share, TestTenants.weighing(1), 4, Client.BEHIND);

    Tenant quiet = TestTenants.weighing(1);
    List<RecordingWaiter> quick = enter(share, quiet, 2, Client.PROMPT);
    assertThat(quick).as("no more than its share").allMatch(RecordingWaiter::wasAdmitted);
    RecordingWaiter more = enter(share, quiet, 1, Client.PROMPT).getFirst();
    assertThat(more.isOver()).as("more than its share").isFalse();
    assertThat(share.lent()).isEqualTo(2);

    behind.getFirst().permit().whole();
    assertThat(share.lent()).as("counts again").isEqualTo(1);
    quick.forEach(waiter -> waiter.permit().release(Outcome.SUCCESS, 1));
    assertThat(more.wasAdmitted()).isTrue();
    behind.forEach(waiter -> waiter.permit().release(Outcome.SUCCESS, 1));
    more.permit().release(Outcome.SUCCESS, 1);
    assertThat(share.inFlight()).isZero();
    assertThat(behind).noneMatch(RecordingWaiter::wasRefused);
  }

  @Test
  void lendsThePlacesOfClientsThatFallBehindWhileAnotherWaits() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    List<RecordingWaiter> uploads = enter(share, TestTenants.weighing(1), 4, Client.PROMPT);
    RecordingWaiter waiting = enter(share, TestTenants.weighing(1), 1, Client.PROMPT).getFirst();
    assertThat(waiting.isOver()).isFalse();
    uploads.forEach(upload -> upload.becomes(Client.BEHIND));
    share.expire(time.getAsLong());
    assertThat(waiting.wasAdmitted()).isTrue();
  }

  @Test
  void lendsThePlaceOfAClientThatIsBehindThoughOlderOnesAreNot() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    Tenant tenant = TestTenants.weighing(1);
    enter(share, tenant, 3, Client.PROMPT);
    enter(share, tenant, 1, Client.BEHIND);
    RecordingWaiter other = enter(share, TestTenants.weighing(1), 1, Client.PROMPT).getFirst();
    assertThat(other.wasAdmitted()).isTrue();
  }

  @Test
  void holdsNothingAgainstATenantThatHasEndedWithItsPlacesLent() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    Tenant slow = TestTenants.weighing(1);
    List<RecordingWaiter> behind = enter(share, slow, 4, Client.BEHIND);
    List<RecordingWaiter> quick = enter(share, TestTenants.weighing(1), 2, Client.PROMPT);
    assertThat(share.lent()).isEqualTo(2);
    behind.forEach(waiter -> waiter.permit().cancel());
    quick.forEach(waiter -> waiter.permit().cancel());

    List<RecordingWaiter> others = enter(share, TestTenants.weighing(1), 4, Client.PROMPT);
    RecordingWaiter first = enter(share, slow, 1, Client.PROMPT).getFirst();
    RecordingWaiter second = enter(share, TestTenants.weighing(1), 1, Client.PROMPT).getFirst();
    others.getFirst().permit().release(Outcome.SUCCESS, 1);

    assertThat(first.wasAdmitted()).isTrue();
    assertThat(second.isOver()).isFalse();
  }

  @Test
  void theLimitDoesNotWaitForWhatIsLent() {
    ServiceShare share = adaptive();
    List<RecordingWaiter> behind =
        enter(share, TestTenants.weighing(1), AdaptiveLimit.START, Client.BEHIND);
    Tenant quick = TestTenants.weighing(1);
    for (int i = 0; i < 100 - AdaptiveLimit.START; i++) {
      enter(share, quick, 1, Client.PROMPT).getFirst().permit().release(Outcome.SUCCESS, 1_000_000);
    }
    assertThat(share.lent()).isEqualTo(1);
    behind.subList(1, behind.size()).forEach(waiter -> waiter.permit().cancel());

    assertThat(share.limit()).as("probes after a window").isLessThan(AdaptiveLimit.START);
  }

  @Test
  void lendsNoPlaceOfATenantWithNoMoreThanItsShare() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    enter(share, TestTenants.weighing(1), 1, Client.BEHIND);
    enter(share, TestTenants.weighing(1), 3, Client.PROMPT);
    RecordingWaiter third = enter(share, TestTenants.weighing(1), 1, Client.PROMPT).getFirst();
    assertThat(third.isOver()).isFalse();
    assertThat(share.lent()).isZero();
  }

  @Test
  void lendsNoMorePlacesThanThereAre() {
    ServiceShare share = Shares.fixed(4, 1000, 1000, time);
    enter(share, TestTenants.weighing(1), 4, Client.BEHIND);
    for (int i = 0; i < 100; i++) {
      enter(share, TestTenants.weighing(1), 1, Client.BEHIND);
      enter(share, TestTenants.weighing(1), 1, Client.PROMPT);
    }
    assertThat(share.lent()).isBetween(1, 4);
    assertThat(share.inFlight()).isEqualTo(4 + share.lent());
  }

  @Test
  void endsNoMoreSlowClientsOfATenantThanItHasAboveItsShare() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    List<RecordingWaiter> slow = enter(share, TestTenants.weighing(1), 3, Client.SLOW);
    enter(share, TestTenants.weighing(1), 5, Client.PROMPT);
    assertThat(share.waiting()).isEqualTo(3);
    share.expire(time.getAsLong());
    assertThat(slow).filteredOn(RecordingWaiter::wasRefused).hasSize(1);
  }

  @Test
  void endsSlowClientsThatHaveLentTheirPlaces() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    Tenant tenant = TestTenants.weighing(1);
    List<RecordingWaiter> slow = enter(share, tenant, 2, Client.SLOW);
    enter(share, tenant, 2, Client.PROMPT);
    enter(share, TestTenants.weighing(1), 3, Client.PROMPT);
    assertThat(share.lent()).isEqualTo(2);
    share.expire(time.getAsLong());
    assertThat(slow).filteredOn(RecordingWaiter::wasRefused).hasSize(1);
    assertThat(share.lent()).isEqualTo(1);
  }

  @Test
  void endsSlowClientsOfTheTenantThatHasMostInFlightFirst() {
    ServiceShare share = Shares.fixed(8, 10, 10, time);
    List<RecordingWaiter> few = enter(share, TestTenants.weighing(1), 3, Client.SLOW);
    List<RecordingWaiter> many = enter(share, TestTenants.weighing(1), 5, Client.SLOW);
    enter(share, TestTenants.weighing(1), 3, Client.PROMPT);
    assertThat(share.waiting()).isEqualTo(1);
    share.expire(time.getAsLong());
    assertThat(few).noneMatch(RecordingWaiter::wasRefused);
    assertThat(many).filteredOn(RecordingWaiter::wasRefused).hasSize(1);
  }

  @Test
  void endsSlowClientsOfATenantWhoseOwnRequestsWait() {
    ServiceShare share = Shares.fixed(2, 10, 10, time);
    Tenant tenant = TestTenants.weighing(1);
    List<RecordingWaiter> slow = enter(share, tenant, 2, Client.SLOW);
    RecordingWaiter own = enter(share, tenant, 1, Client.PROMPT).getFirst();
    share.expire(time.getAsLong());
    assertThat(own.wasAdmitted()).isTrue();
    assertThat(slow).extracting(RecordingWaiter::wasRefused).containsExactly(true, false);
  }

  @Test
  void sparesTheSlowClientOfATenantWithNoMoreThanItsShare() {
    ServiceShare share = Shares.fixed(4, 10, 10, time);
    RecordingWaiter slow = enter(share, TestTenants.weighing(1), 1, Client.SLOW).getFirst();
    Tenant flooding = TestTenants.weighing(1);
    enter(share, flooding, 3, Client.PROMPT);
    RecordingWaiter waiting = enter(share, flooding, 1, Client.PROMPT).getFirst();
    share.expire(time.getAsLong());
    assertThat(slow.wasRefused()).isFalse();
    assertThat(waiting.isOver()).isFalse();
  }

  @Test
  void doesNotSetAsideWhatItsClientHoldsUp() {
    ServiceShare share = adaptive();
    Tenant tenant = TestTenants.weighing(1);
    enter(share, tenant, AdaptiveLimit.START, Client.SLOW);
    time.passMillis(TimeUnit.MINUTES.toMillis(1));
    share.expire(time.getAsLong());
    RecordingWaiter next = enter(share, tenant, 1, Client.PROMPT).getFirst();
    assertThat(next.isOver()).isFalse();
    share.expire(time.getAsLong());
    assertThat(next.wasAdmitted()).isTrue();
  }

  private ServiceShare adaptive() {
    return shares(new ShareMeters(new SimpleMeterRegistry()))
        .of(TestTenants.service(Concurrency.DEFAULT), TestTenants.weighing(1));
  }

  @Test
  void countsTheTimeOfARequestFromWhenItIsWhole() {
    ServiceShare share = adaptive();
    Tenant tenant = TestTenants.weighing(1);
    List<RecordingWaiter> uploads = enter(share, tenant, AdaptiveLimit.START, Client.BEHIND);
    time.passMillis(TimeUnit.MINUTES.toMillis(1));
    uploads.forEach(upload -> upload.permit().whole());
    RecordingWaiter next = enter(share, tenant, 1, Client.PROMPT).getFirst();
    share.expire(time.getAsLong());
    assertThat(next.isOver()).as("none is held back yet").isFalse();
  }

  @Test
  void setsAsideWhatIsHeldBackBesideAnUploadThatIsWholeOnlyNow() {
    ServiceShare share = adaptive();
    Tenant tenant = TestTenants.weighing(1);
    RecordingWaiter upload = enter(share, tenant, 1, Client.BEHIND).getFirst();
    enter(share, tenant, AdaptiveLimit.START - 1, Client.PROMPT);
    time.passMillis(TimeUnit.MINUTES.toMillis(1));
    upload.permit().whole();
    RecordingWaiter next = enter(share, tenant, 1, Client.PROMPT).getFirst();
    share.expire(time.getAsLong());
    assertThat(next.wasAdmitted()).isTrue();
  }

  @Test
  void countsTheTimeOfARequestThatWasLentFromWhenItIsWhole() {
    ServiceShare share = adaptive();
    Tenant tenant = TestTenants.weighing(1);
    List<RecordingWaiter> uploads = enter(share, tenant, AdaptiveLimit.START, Client.BEHIND);
    RecordingWaiter quick = enter(share, TestTenants.weighing(1), 1, Client.PROMPT).getFirst();
    assertThat(share.lent()).isEqualTo(1);
    quick.permit().release(Outcome.SUCCESS, 1);
    time.passMillis(TimeUnit.MINUTES.toMillis(1));
    uploads.forEach(upload -> upload.permit().whole());
    uploads.subList(1, uploads.size()).forEach(upload -> upload.permit().cancel());
    enter(share, tenant, AdaptiveLimit.START - 1, Client.PROMPT);
    RecordingWaiter next = enter(share, tenant, 1, Client.PROMPT).getFirst();
    share.expire(time.getAsLong());
    assertThat(next.isOver()).as("none is held back yet").isFalse();
  }

  private static List<RecordingWaiter> enter(
      ServiceShare share, Tenant tenant, int requests, Client client) {
    List<RecordingWaiter> waiters = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      RecordingWaiter waiter = new RecordingWaiter(client);
      waiters.add(waiter);
      share.enter(tenant, waiter);
    }
    return waiters;
  }

  @Test
  void letsARequestEndWhileItIsBeingAdmitted() {
    ServiceShare share = Shares.fixed(1, 10_000, 10_000, time);
    Permit permit = share.enter(TestTenants.weighing(1), new RecordingWaiter());
    Tenant tenant = TestTenants.weighing(1);
    List<Permit> ended = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      share.enter(tenant, new EndsAtOnce(ended));
    }
    permit.cancel();
    assertThat(ended).hasSize(10_000);
    assertThat(share.inFlight()).isZero();
  }

  @Test
  void keepsWhatIsInFlightAndWhatWaitsWhenItsServiceChanges() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ServiceShares shares = shares(new ShareMeters(registry));
    Tenant tenant = TestTenants.weighing(1);
    EdgeService before = TestTenants.fixed(1, 10, 10);
    shares.of(before, tenant).enter(tenant, new RecordingWaiter());
    RecordingWaiter waiting = new RecordingWaiter();
    shares.of(before, tenant).enter(tenant, waiting);

    ServiceShare after = shares.of(TestTenants.fixed(2, 10, 10), tenant);

    assertThat(waiting.wasAdmitted()).isTrue();
    assertThat(after.inFlight()).isEqualTo(2);
    shares.expire(time.getAsLong());
    assertThat(registry.get("gatehouse.service.in.flight").gauge().value()).isEqualTo(2);
    assertThat(registry.get("gatehouse.service.limit").gauge().value()).isEqualTo(2);
  }

  @Test
  void givesATenantWithItsOwnEndpointsAShareOfItsOwn() {
    ServiceShares shares = shares(new ShareMeters(new SimpleMeterRegistry()));
    EdgeService service = TestTenants.fixed(1, 10, 10);
    Tenant silo =
        TestTenants.with(
            new ServiceOverride(
                Optional.of(List.of(new EdgeService.Endpoint("127.0.0.2", 80))),
                Optional.empty(),
                Optional.empty()));
    ServiceShare pool = shares.of(service, TestTenants.weighing(1));
    assertThat(shares.of(service, TestTenants.weighing(1))).isSameAs(pool);
    assertThat(shares.of(service, silo)).isNotSameAs(pool).isSameAs(shares.of(service, silo));
  }

  @Test
  void forgetsASharesMetersWhenNobodyUsesIt() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ServiceShares shares = shares(new ShareMeters(registry));
    Tenant tenant = TestTenants.weighing(1);
    Permit permit =
        shares.of(TestTenants.fixed(1, 10, 10), tenant).enter(tenant, new RecordingWaiter());
    time.passMillis(TimeUnit.MINUTES.toMillis(11));
    shares.expire(time.getAsLong());
    assertThat(registry.getMeters()).isNotEmpty();
    permit.release(Outcome.SUCCESS, 1);
    shares.expire(time.getAsLong());
    assertThat(registry.getMeters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void neitherLosesARequestNorTellsItTwice(long seed) {
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(8);
    int maxWaiting = random.nextInt(30);
    int maxPerTenant = random.nextInt(10);
    ServiceShare share = Shares.fixed(limit, maxWaiting, maxPerTenant, time);
    List<Tenant> tenants = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tenants.add(TestTenants.weighing(1 + random.nextInt(5)));
    }
    List<Entered> live = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      switch (random.nextInt(11)) {
        case 0, 1, 2, 3, 4 -> enter(random, share, tenants.get(random.nextInt(6)), live);
        case 5, 6, 7 ->
            takeAny(random, live)
                .ifPresent(entered -> entered.permit().release(Outcome.SUCCESS, 1_000_000));
        case 8 -> takeAny(random, live).ifPresent(entered -> entered.permit().cancel());
        case 9 -> anyOf(random, live).ifPresent(entered -> entered.permit().whole());
        default -> {
          time.passMillis(random.nextInt(400));
          share.expire(time.getAsLong());
        }
      }
      live.removeIf(entered -> entered.waiter().wasRefused());
      check(share, live, limit, maxWaiting, "seed " + seed + ", step " + step);
    }
  }

  private static void enter(Random random, ServiceShare share, Tenant tenant, List<Entered> live) {
    RecordingWaiter waiter = new RecordingWaiter(CLIENTS.get(random.nextInt(CLIENTS.size())));
    try {
      live.add(new Entered(share.enter(tenant, waiter), waiter));
    } catch (Rejection.Overloaded _) {
      assertThat(waiter.isOver()).isFalse();
    }
  }

  private static Optional<Entered> anyOf(Random random, List<Entered> live) {
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(random.nextInt(live.size())));
  }

  /** Takes one out; one that still waits stays, as a release does nothing to it. */
  private static Optional<Entered> takeAny(Random random, List<Entered> live) {
    if (live.isEmpty()) {
      return Optional.empty();
    }
    int index = random.nextInt(live.size());
    Entered entered = live.get(index);
    if (entered.permit().isWaiting() && random.nextBoolean()) {
      entered.permit().release(Outcome.SUCCESS, 1);
      assertThat(entered.permit().isWaiting()).isTrue();
      entered.permit().cancel();
    }
    live.remove(index);
    if (entered.permit().isWaiting()) {
      entered.permit().cancel();
    }
    return Optional.of(entered);
  }

  private static void check(
      ServiceShare share, List<Entered> live, int limit, int maxWaiting, String where) {
    long inFlight = live.stream().filter(entered -> entered.waiter().wasAdmitted()).count();
    long waiting = live.stream().filter(entered -> !entered.waiter().isOver()).count();
    assertThat(share.inFlight()).as(where).isEqualTo(Math.toIntExact(inFlight));
    assertThat(share.waiting()).as(where).isEqualTo(Math.toIntExact(waiting));
    assertThat(inFlight).as(where).isLessThanOrEqualTo(2L * limit);
    assertThat(share.lent()).as(where).isLessThanOrEqualTo(limit);
    assertThat(waiting).as(where).isLessThanOrEqualTo(maxWaiting);
    // Work-conserving: nobody waits while there is room.
    assertThat(waiting == 0 || inFlight - share.lent() >= limit).as(where).isTrue();
  }

  private record Entered(Permit permit, RecordingWaiter waiter) {}

  private record EndsAtOnce(List<Permit> ended) implements Waiter {
    @Override
    public void admitted(Permit permit) {
      ended.add(permit);
      permit.release(Outcome.DROPPED, 0);
    }

    @Override
    public void refused(Rejection rejection) {
      throw rejection;
    }

    @Override
    public boolean isClientBehind(long nowNanos) {
      return false;
    }

    @Override
    public boolean awaitsSlowClient(long nowNanos) {
      return false;
    }
  }
}
