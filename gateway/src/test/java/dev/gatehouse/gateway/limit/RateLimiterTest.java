package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.redis.RedisConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As the gateway starts it: with real time, and reports that nobody asks for. */
@Timeout(60)
class RateLimiterTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final LimitConfig OFTEN =
      new LimitConfig(
          Duration.ofMillis(5),
          Duration.ofSeconds(20),
          200,
          Duration.ofSeconds(10),
          Duration.ofMillis(10),
          Duration.ofMillis(20));

  @TempDir private Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @Test
  void limitsAloneWhereNoRedisIsNamed() throws Exception {
    RateLimiter limiter = start(Optional.empty(), meters);
    TenantLimiter tenant = limiter.limiterFor(UUID.randomUUID(), Limits.of(1, 100_000));
    assertThat(tenant.tryAcquire()).isTrue();
    assertThat(meters.get(LimitMeters.SHARED).gauge().value()).isZero();
    assertThat(meters.get(LimitMeters.FAILURES).counter().count()).isZero();
    close(limiter);
    assertThat(tenant.tryAcquire()).isTrue();
  }

  @Test
  void sharesLimitsThroughRedisWithoutBeingAsked() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory)) {
      RateLimiter a = start(Optional.of(redis.url()), meters);
      RateLimiter b = start(Optional.of(redis.url()), new SimpleMeterRegistry());
      UUID id = UUID.randomUUID();
      TenantLimiter atA = a.limiterFor(id, Limits.of(1, 100_000));
      TenantLimiter atB = b.limiterFor(id, Limits.of(1, 100_000));
      awaitShared(1);
      Limits.drain(atA);

      // One request a millisecond would find its tokens for longer than this waits.
      TestGateway.await(VERTX, () -> !atB.tryAcquire());

      close(a);
      close(b);
    }
  }

  @Test
  void leavesRedisWhenItIsClosed() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory)) {
      RateLimiter limiter = start(Optional.of(redis.url()), meters);
      TenantLimiter tenant = limiter.limiterFor(UUID.randomUUID(), Limits.of(1, 100_000));
      awaitShared(1);
      redis.awaitConnections(2);

      close(limiter);

      awaitShared(0);
      redis.awaitConnections(1);
      assertThat(tenant.tryAcquire()).isTrue();
    }
  }

  @Test
  void doesNotComeBackToRedisWhenItIsClosedDuringAnOutage() throws Exception {
    try (TestRedis redis = new TestRedis(VERTX, directory)) {
      RateLimiter limiter = start(Optional.of(redis.url()), meters);
      awaitShared(1);
      redis.kill();
      awaitShared(0);

      close(limiter);

      double failures = meters.get(LimitMeters.FAILURES).counter().count();
      SimpleMeterRegistry metersOfOther = new SimpleMeterRegistry();
      RateLimiter other = start(Optional.of(redis.url()), metersOfOther);
      TestGateway.await(
          VERTX, () -> metersOfOther.get(LimitMeters.FAILURES).counter().count() >= 5);
      assertThat(meters.get(LimitMeters.FAILURES).counter().count()).isEqualTo(failures);
      close(other);
    }
  }

  private static RateLimiter start(Optional<String> redisUrl, SimpleMeterRegistry meters)
      throws Exception {
    return RateLimiter.start(VERTX, redisUrl.map(URI::create).map(RedisConfig::new), OFTEN, meters)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static void close(RateLimiter limiter) throws Exception {
    limiter.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void awaitShared(int expected) throws Exception {
    TestGateway.await(VERTX, () -> meters.get(LimitMeters.SHARED).gauge().value() == expected);
  }
}
