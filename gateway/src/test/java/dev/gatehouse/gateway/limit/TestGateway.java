package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.redis.RedisConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The limits of one gateway, whose time and runs are a test's to decide. */
final class TestGateway implements AutoCloseable {
  final LimitMeters meters = LimitMeters.register(new SimpleMeterRegistry());
  final RateLimiter limiter;
  private final Vertx vertx;
  private final Context context;
  private final LimitSynchronizer synchronizer;

  /**
   * @param syncTimeout short where a test waits for Redis not to answer, long where it does not
   * @param clock the time of this gateway and of its buckets in Redis
   */
  TestGateway(Vertx vertx, String redisUrl, Duration syncTimeout, ManualClock clock) {
    this.vertx = vertx;
    LimitConfig config = runByHand(syncTimeout);
    context = vertx.getOrCreateContext();
    synchronizer =
        new LimitSynchronizer(
            new RedisLink(
                vertx, new RedisConfig(URI.create(redisUrl)), config, clock::micros, meters),
            config,
            clock);
    limiter = new RateLimiter(clock, synchronizer::markActive, Future::succeededFuture);
    synchronizer.init(vertx, context);
    context.runOnContext(_ -> synchronizer.start());
  }

  private static LimitConfig runByHand(Duration syncTimeout) {
    return new LimitConfig(
        Duration.ofHours(1),
        syncTimeout,
        2,
        Duration.ofHours(1),
        Duration.ofMillis(10),
        Duration.ofMillis(50));
  }

  /** Reports once, and waits for the answer. */
  void synchronize() throws Exception {
    onContext(synchronizer::synchronize).get(30, TimeUnit.SECONDS);
  }

  void awaitShared(boolean expected) throws Exception {
    await(vertx, () -> meters.shared().get() == expected);
  }

  void awaitFailures(int least) throws Exception {
    await(vertx, () -> meters.failures().count() >= least);
  }

  /** Waits until a condition holds that nothing announces: a timer looks at it. */
  static void await(Vertx vertx, BooleanSupplier condition) throws Exception {
    CompletableFuture<Void> held = new CompletableFuture<>();
    long timer =
        vertx.setPeriodic(
            1,
            _ -> {
              if (condition.getAsBoolean()) {
                held.complete(null);
              }
            });
    try {
      held.get(30, TimeUnit.SECONDS);
    } finally {
      vertx.cancelTimer(timer);
    }
  }

  @Override
  public void close() {
    onContext(synchronizer::stop).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private CompletableFuture<Void> onContext(Supplier<? extends Future<?>> action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        _ -> action.get().onComplete(_ -> done.complete(null), done::completeExceptionally));
    return done;
  }
}
