package dev.gatehouse.gateway.limit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The limits of one gateway, whose time and runs are a test's to decide. */
final class TestGateway {
  static final LimitConfig BY_HAND =
      new LimitConfig(
          Duration.ofHours(1),
          Duration.ofMillis(500),
          2,
          Duration.ofSeconds(10),
          Duration.ofMillis(10),
          Duration.ofMillis(50));

  final LimitMeters meters = LimitMeters.register(new SimpleMeterRegistry());
  final RateLimiter limiter;
  private final Context context;
  private final LimitSynchronizer synchronizer;

  TestGateway(Vertx vertx, String redisUrl, AtomicLong micros) {
    ManualClock clock = new ManualClock(micros);
    context = vertx.getOrCreateContext();
    synchronizer =
        new LimitSynchronizer(
            new RedisLink(vertx, redisUrl, BY_HAND, micros::get, meters), BY_HAND, clock);
    limiter = new RateLimiter(clock, synchronizer::markActive, Future::succeededFuture);
    synchronizer.init(vertx, context);
    context.runOnContext(_ -> synchronizer.start());
  }

  void synchronize() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(_ ->
        synchronizer
            .synchronize()
            .onComplete(_ -> done.complete(null), done::completeExceptionally));
    done.get(10, TimeUnit.SECONDS);
  }

  void awaitShared(boolean expected) throws InterruptedException {
    await(() -> meters.shared().get() == expected);
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private record ManualClock(AtomicLong micros) implements io.github.bucket4j.TimeMeter {
    @Override
    public long currentTimeNanos() {
      return micros.get() * 1000;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
