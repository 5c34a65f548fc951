package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedLimitTest {
  private static final Vertx VERTX = Vertx.vertx();

  private final AtomicLong micros = new AtomicLong(1_700_000_000_000_000L);
  private final UUID tenant = UUID.randomUUID();
  private TestRedis redis;
  private TestGateway a;
  private TestGateway b;

  @BeforeEach
  void startTwoGateways() throws Exception {
    redis = new TestRedis(VERTX);
    a = new TestGateway(VERTX, redis.url(), micros);
    b = new TestGateway(VERTX, redis.url(), micros);
    a.awaitShared(true);
    b.awaitShared(true);
  }

  @AfterEach
  void stopRedis() throws Exception {
    redis.close();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @Test
  void admitsTheRateOverBothGatewaysTogether() throws Exception {
    assertThat(admittedIn20Seconds(100, 100)).isBetween(2000L, 2200L);
  }

  @Test
  void admitsTheRateWhereTheBurstIsSmallerThanAnInterval() throws Exception {
    assertThat(admittedIn20Seconds(1000, 10)).isBetween(18_000L, 20_300L);
  }

  @Test
  void keepsTheDebtWhenRedisIsFlushed() throws Exception {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, limits(10, 10));
    assertThat(drain(limiter)).isEqualTo(10);
    a.synchronize();
    redis.send(Command.FLUSHALL);
    redis.send(Command.SCRIPT, "FLUSH");
    micros.addAndGet(100_000);
    assertThat(drain(limiter)).isEqualTo(1);
    a.synchronize();
    assertThat(drain(limiter)).isZero();
    assertThat(a.meters.shared()).isTrue();
  }

  @Test
  void limitsLocallyWhileRedisIsAwayAndSharesAgainWhenItIsBack() throws Exception {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, limits(10, 10));
    redis.stop();
    a.awaitShared(false);
    assertThat(drain(limiter)).isEqualTo(10);
    redis.start();
    a.awaitShared(true);
    a.synchronize();
    assertThat(drain(limiter)).isZero();
  }

  @Test
  void givesNoFreshBurstWhenLimitsChange() {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, limits(10, 10));
    assertThat(drain(limiter)).isEqualTo(10);
    TenantLimiter changed = a.limiter.changed(limiter, tenant, limits(10, 1000));
    assertThat(changed).isSameAs(limiter);
    assertThat(drain(changed)).isZero();
  }

  @Test
  void neverRefusesATenantWithoutARate() {
    TenantLimiter limiter = a.limiter.limiterFor(tenant, EdgeLimits.NONE);
    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.state()).isEmpty();
  }

  private long admittedIn20Seconds(long rate, long burst) throws Exception {
    TenantLimiter atA = a.limiter.limiterFor(tenant, limits(rate, burst));
    TenantLimiter atB = b.limiter.limiterFor(tenant, limits(rate, burst));
    long admitted = 0;
    for (int step = 0; step < 4000; step++) {
      admitted += drain(atA) + drain(atB);
      micros.addAndGet(5_000);
      if (step % 20 == 19) {
        a.synchronize();
        b.synchronize();
      }
    }
    return admitted;
  }

  private static long drain(TenantLimiter limiter) {
    long admitted = 0;
    while (limiter.tryAcquire()) {
      admitted++;
    }
    return admitted;
  }

  private static EdgeLimits limits(long rate, long burst) {
    return new EdgeLimits(
        OptionalLong.of(rate), OptionalLong.of(burst), OptionalLong.empty(), OptionalLong.empty());
  }
}
