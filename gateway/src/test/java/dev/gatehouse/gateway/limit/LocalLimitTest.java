package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.contract.edge.EdgeLimits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one gateway decides alone. */
@Timeout(60)
class LocalLimitTest {
  private final ManualClock clock = new ManualClock();
  private final RateLimiter limiter = new RateLimiter(clock, _ -> {}, Future::succeededFuture);

  private TenantLimiter limiterFor(EdgeLimits limits) {
    return limiter.limiterFor(UUID.randomUUID(), limits);
  }

  @Test
  void neverAdmitsMoreThanBurstAndRefillToManyThreads() {
    TenantLimiter tenant = limiterFor(Limits.of(1000, 10));
    AtomicLong admitted = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int thread = 0; thread < 8; thread++) {
        threads.execute(() -> {
          for (int step = 0; step < 1000; step++) {
            clock.pass(Duration.ofMillis(1));
            admitted.addAndGet(Limits.drain(tenant));
          }
        });
      }
    }
    // 8000 steps that refill one token each; those that found the bucket full are lost.
    assertThat(admitted.get()).isBetween(10L, 8010L);
  }

  @Test
  void givesEveryTokenOfAFullBucketToExactlyOneOfManyThreads() {
    TenantLimiter tenant = limiterFor(Limits.of(1, 100_000));
    AtomicLong admitted = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int thread = 0; thread < 8; thread++) {
        threads.execute(() -> admitted.addAndGet(Limits.drain(tenant)));
      }
    }
    assertThat(admitted.get()).isEqualTo(100_000);
  }

  @Test
  void saysWhenTheNextRequestIsAdmitted() {
    TenantLimiter tenant = limiterFor(Limits.of(10, 20));
    Limits.drain(tenant);
    assertThat(tenant.state())
        .contains(new RateLimitState(20, 0, Duration.ofSeconds(2), Duration.ofMillis(100)));
  }

  @Test
  void takesTheRateForTheBurstWhereNoneIsNamed() {
    EdgeLimits limits = Limits.withoutBurst(7);
    assertThat(Limits.drain(limiterFor(limits))).isEqualTo(7);
  }

  @Test
  void cutsTheTokensToALoweredBurst() {
    UUID id = UUID.randomUUID();
    TenantLimiter tenant = limiter.limiterFor(id, Limits.of(1, 1000));
    assertThat(tenant.tryAcquire()).isTrue();
    TenantLimiter lowered = limiter.changed(tenant, id, Limits.of(1, 10));
    assertThat(Limits.drain(lowered)).isEqualTo(10);
    clock.pass(Duration.ofSeconds(3));
    assertThat(Limits.drain(lowered)).isEqualTo(3);
  }

  @Test
  void keepsTheLimiterWhoseChangeIsRefused() {
    UUID id = UUID.randomUUID();
    TenantLimiter tenant = limiter.limiterFor(id, Limits.of(1, 10));
    EdgeLimits tooMuch = Limits.of(1, TokenRate.MAX + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.changed(tenant, id, tooMuch))
        .withMessage("limits.burst must be between 1 and 1000000000, found 1000000001");
    assertThat(Limits.drain(tenant)).isEqualTo(10);
  }
}
