package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tenant may have under way at once. */
@Timeout(60)
class SlotsTest {
  private final UUID id = UUID.randomUUID();
  private final RateLimiter limiter =
      new RateLimiter(new ManualClock(), _ -> {}, Future::succeededFuture);

  private static EdgeLimits limits(OptionalLong perSecond, OptionalLong concurrent) {
    return new EdgeLimits(
        perSecond, OptionalLong.empty(), concurrent, OptionalLong.empty(), OptionalLong.of(2));
  }

  private static EdgeLimits concurrent(long most) {
    return limits(OptionalLong.empty(), OptionalLong.of(most));
  }

  @Test
  void givesOutAsManyAsThereAre() {
    TenantLimiter tenant = limiter.limiterFor(id, concurrent(1));
    assertThat(tenant.requests().tryTake()).isTrue();
    assertThat(tenant.requests().tryTake()).isFalse();
    tenant.requests().giveBack();
    assertThat(tenant.requests().tryTake()).isTrue();
    assertThat(tenant.webSockets().most()).isEqualTo(2);
  }

  @Test
  void countsNothingWhereThereIsNoLimit() {
    Slots slots = limiter.limiterFor(id, EdgeLimits.NONE).requests();
    assertThat(slots).isSameAs(Slots.UNLIMITED);
    assertThat(slots.tryTake()).isTrue();
    slots.giveBack();
    assertThat(slots.taken()).isZero();
  }

  @Test
  void goesOnCountingWhenTheLimitChangesAndKeepsTheRatesTokens() {
    TenantLimiter before = limiter.limiterFor(id, limits(OptionalLong.of(10), OptionalLong.of(5)));
    Slots held = before.requests();
    assertThat(held.tryTake()).isTrue();
    assertThat(held.tryTake()).isTrue();
    assertThat(before.tryAcquire()).isTrue();

    TenantLimiter after =
        limiter.changed(before, id, limits(OptionalLong.of(10), OptionalLong.of(2)));

    assertThat(after.requests().tryTake()).isFalse();
    held.giveBack();
    assertThat(after.requests().tryTake()).isTrue();
    assertThat(Limits.drain(after)).isEqualTo(9);
  }

  @Test
  void takesSlotsBackAlsoAfterTheLimitHasGone() {
    TenantLimiter before = limiter.limiterFor(id, concurrent(1));
    Slots held = before.requests();
    assertThat(held.tryTake()).isTrue();
    TenantLimiter without = limiter.changed(before, id, EdgeLimits.NONE);
    assertThat(without.requests()).isSameAs(Slots.UNLIMITED);
    held.giveBack();
    assertThat(held.taken()).isZero();
    assertThat(limiter.changed(without, id, concurrent(1)).requests().tryTake()).isTrue();
  }

  @Test
  void neverGivesMoreToManyThreadsThanThereAre() {
    Slots slots = limiter.limiterFor(id, concurrent(3)).requests();
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int thread = 0; thread < 8; thread++) {
        threads.execute(() -> {
          for (int i = 0; i < 20_000; i++) {
            if (slots.tryTake()) {
              most.accumulateAndGet(held.incrementAndGet(), Math::max);
              held.decrementAndGet();
              slots.giveBack();
            }
          }
        });
      }
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(slots.taken()).isZero();
  }
}
