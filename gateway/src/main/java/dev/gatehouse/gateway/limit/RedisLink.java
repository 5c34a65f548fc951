package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.redis.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the shared buckets. Whatever goes wrong on it ends it, and a new one is made
 * after a pause, for ever. Lives on one event loop: every method is called there.
 */
final class RedisLink {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final int MAX_DOUBLINGS = 30;

  private final Vertx vertx;
  private final RedisOptions options;
  private final LimitConfig config;
  private final LongSupplier nowMicros;
  private final LimitMeters meters;

  // One client a connection: closing it is the only way to be rid of a connection that hangs.
  private Optional<Redis> client = Optional.empty();
  private Optional<SharedBuckets> buckets = Optional.empty();
  private int failedAttempts;
  private boolean closed;

  // From the loss that was logged until a report succeeds: a Redis that can be opened but not
  // reported to is still the same outage.
  private boolean outage;
  private boolean toldOfTimeOut;

  RedisLink(
      Vertx vertx,
      RedisConfig redis,
      LimitConfig config,
      LongSupplier nowMicros,
      LimitMeters meters) {
    this.vertx = vertx;
    this.options = redis.options(config.syncTimeout()).setMaxPoolSize(1);
    this.config = config;
    this.nowMicros = nowMicros;
    this.meters = meters;
  }

  boolean isUp() {
    return buckets.isPresent();
  }

  void connect() {
    if (closed) {
      return;
    }
    Redis attempt = Redis.createClient(vertx, new RedisOptions(options));
    client = Optional.of(attempt);
    attempt
        .connect()
        .compose(connection -> open(attempt, connection))
        .timeout(config.syncTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(opened -> up(attempt, opened), cause -> down(attempt, cause));
  }

  /** As {@link SharedBuckets#report}, and fails when Redis takes too long or is not connected. */
  Future<List<Long>> report(List<SharedBuckets.Report> reports, Duration over) {
    if (client.isEmpty() || buckets.isEmpty()) {
      return Future.failedFuture(new ClosedChannelException());
    }
    Redis reported = client.get();
    long began = System.nanoTime();
    return buckets
        .get()
        .report(reports, over)
        .timeout(config.syncTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(_ -> {
          meters.syncs().record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
          succeeded(reported);
        })
        .onFailure(cause -> down(reported, cause));
  }

  /** Gives the connection up for good. */
  Future<?> close() {
    closed = true;
    Optional<Redis> last = client;
    client = Optional.empty();
    buckets = Optional.empty();
    meters.shared().set(false);
    return last.map(Redis::close).orElse(Future.succeededFuture());
  }

  private Future<SharedBuckets> open(Redis attempt, RedisConnection connection) {
    connection.exceptionHandler(cause -> down(attempt, cause));
    connection.endHandler(_ -> down(attempt, new ClosedChannelException()));
    return SharedBuckets.open(connection, config.maxDebt(), nowMicros);
  }

  private void up(Redis attempt, SharedBuckets opened) {
    if (!isCurrent(attempt)) {
      return;
    }
    buckets = Optional.of(opened);
    meters.shared().set(true);
    if (!outage) {
      logShared();
    }
  }

  private void succeeded(Redis reported) {
    if (!isCurrent(reported)) {
      return;
    }
    failedAttempts = 0;
    if (outage) {
      outage = false;
      logShared();
    }
  }

  private static void logShared() {
    LOG.info("Rate limits are shared with the other gateways through Redis");
  }

  private void down(Redis attempt, Throwable cause) {
    if (!isCurrent(attempt)) {
      return;
    }
    client = Optional.empty();
    buckets = Optional.empty();
    meters.shared().set(false);
    meters.failures().increment();
    boolean timedOut = cause instanceof TimeoutException;
    // A time-out, which often comes first, tells less than what comes after it.
    if (!outage || (toldOfTimeOut && !timedOut)) {
      toldOfTimeOut = timedOut;
      LOG.warn("Rate limits are local until Redis can be used again: {}", cause.toString());
    }
    outage = true;
    attempt.close();
    vertx.setTimer(nextPause(), _ -> connect());
  }

  /** False for the last words of a connection that was already given up. */
  private boolean isCurrent(Redis attempt) {
    return client.filter(attempt::equals).isPresent();
  }

  private long nextPause() {
    long longest = config.maxReconnectDelay().toMillis();
    int doublings = Math.min(failedAttempts++, MAX_DOUBLINGS);
    long pause = Math.min(longest, config.reconnectDelay().toMillis() << doublings);
    return ThreadLocalRandom.current().nextLong(Math.max(1, pause / 2), pause + 1);
  }
}
