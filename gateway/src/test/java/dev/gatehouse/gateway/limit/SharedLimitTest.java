package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways at one Redis. Rates are one a second and times accordingly long: Redis drops a
 * bucket when it is full by its own clock, which a test cannot set.
 */
@Timeout(60)
class SharedLimitTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock();
  private final UUID tenant = UUID.randomUUID();
  private TestRedis redis;
  private TestGateway a;
  private TestGateway b;

  @BeforeEach
  void startTwoGateways() throws Exception {
    redis = new TestRedis(VERTX, directory);
    a = new TestGateway(VERTX, redis.url(), PATIENT, clock);
    b = new TestGateway(VERTX, redis.url(), PATIENT, clock);
    a.awaitShared(true);
    b.awaitShared(true);
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    b.close();
    redis.close();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @Test
  void admitsTheRateOverBothGatewaysTogether() throws Exception {
    assertThat(admittedIn200Intervals(100, Duration.ofSeconds(10))).isBetween(2000L, 2200L);
  }

  @Test
  void admitsTheRateWhereTheBurstIsSmallerThanAnInterval() throws Exception {
    assertThat(admittedIn200Intervals(10, Duration.ofSeconds(100))).isBetween(18_000L, 20_300L);
  }

  @Test
  void keepsTheDebtWhenRedisIsFlushed() throws Exception {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, Limits.of(1, 100));
    assertThat(Limits.drain(limiter)).isEqualTo(100);
    a.synchronize();
    redis.send(Command.FLUSHALL);
    redis.send(Command.SCRIPT, "FLUSH");
    clock.pass(Duration.ofSeconds(1));
    assertThat(Limits.drain(limiter)).isEqualTo(1);
    a.synchronize();
    assertThat(Limits.drain(limiter)).isZero();
    assertThat(a.meters.shared()).isTrue();
  }

  @Test
  void sharesEveryTenantWhereThereAreMoreThanFitInOneReport() throws Exception {
    List<TenantLimiter> atB = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      UUID id = UUID.randomUUID();
      TenantLimiter atA = a.limiter.limiterFor(id, Limits.of(1, 100));
      for (int taken = 0; taken <= 10 * i; taken++) {
        assertThat(atA.tryAcquire()).isTrue();
      }
      atB.add(b.limiter.limiterFor(id, Limits.of(1, 100)));
    }
    a.synchronize();

    assertThat(atB).allMatch(TenantLimiter::tryAcquire);
    b.synchronize();

    assertThat(atB)
        .extracting(limiter -> limiter.state().orElseThrow().remaining())
        .containsExactly(98L, 88L, 78L, 68L, 58L);
  }

  @Test
  void givesNoFreshBurstWhenLimitsRise() {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, Limits.of(10, 10));
    assertThat(Limits.drain(limiter)).isEqualTo(10);
    TenantLimiter changed = a.limiter.changed(limiter, tenant, Limits.of(10, 1000));
    assertThat(changed).isSameAs(limiter);
    assertThat(Limits.drain(changed)).isZero();
  }

  @Test
  void holdsLoweredLimitsAtOnceAtEveryGateway() throws Exception {
    TenantLimiter atA = a.limiter.limiterFor(tenant, Limits.of(1, 1000));
    TenantLimiter atB = b.limiter.limiterFor(tenant, Limits.of(1, 1000));
    assertThat(atA.tryAcquire()).isTrue();
    a.synchronize();

    a.limiter.changed(atA, tenant, Limits.of(1, 100));
    b.limiter.changed(atB, tenant, Limits.of(1, 100));

    assertThat(Limits.drain(atA)).isEqualTo(100);
    a.synchronize();
    assertThat(atB.tryAcquire()).isTrue();
    b.synchronize();
    assertThat(atB.tryAcquire()).isFalse();
  }

  @Test
  void paysOffADebtAtTheLoweredRate() throws Exception {
    TenantLimiter atA = a.limiter.limiterFor(tenant, Limits.of(10, 100));
    TenantLimiter atB = b.limiter.limiterFor(tenant, Limits.of(10, 100));
    assertThat(Limits.drain(atA) + Limits.drain(atB)).isEqualTo(200);
    a.synchronize();
    b.synchronize();

    b.limiter.changed(atB, tenant, Limits.of(1, 50));

    clock.pass(Duration.ofSeconds(100));
    assertThat(atB.tryAcquire()).isFalse();
    clock.pass(Duration.ofSeconds(1));
    assertThat(Limits.drain(atB)).isEqualTo(1);
  }

  @Test
  void neverRefusesATenantWhoseRateIsTakenAway() {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, Limits.of(10, 10));
    assertThat(Limits.drain(limiter)).isEqualTo(10);
    TenantLimiter changed = a.limiter.changed(limiter, tenant, EdgeLimits.NONE);
    assertThat(changed.tryAcquire()).isTrue();
    assertThat(changed.state()).isEmpty();
  }

  /** At one request a second. */
  private long admittedIn200Intervals(long burst, Duration interval) throws Exception {
    TenantLimiter atA = a.limiter.limiterFor(tenant, Limits.of(1, burst));
    TenantLimiter atB = b.limiter.limiterFor(tenant, Limits.of(1, burst));
    long admitted = 0;
    for (int step = 0; step < 4000; step++) {
      admitted += Limits.drain(atA) + Limits.drain(atB);
      clock.pass(interval.dividedBy(20));
      if (step % 20 == 19) {
        a.synchronize();
        b.synchronize();
      }
    }
    return admitted;
  }
}
