package dev.gatehouse.gateway.authenticate.jwt;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys that stand at one URL. Fetched when they are first needed, again when they are stale or
 * a token names one that is not among them, but no more often than at intervals; kept while the
 * issuer is down, a day at most. Any thread; nothing here waits.
 */
final class RemoteKeys {
  /** What is older could have been taken back long ago. */
  @Bound(
      of = "how long keys are relied on while their provider is down",
      atIt = "503, until the provider answers",
      metric = "gatehouse_tokens_total{outcome=\"keys-unavailable\"}")
  static final Duration KEPT_WHILE_DOWN = Duration.ofDays(1);

  /** Requests that wait for one fetch; more are refused. */
  @Bound(
      of = "requests that wait for one fetch of keys",
      unit = "requests",
      atIt = "one more does not wait: 401, or 503 where there are no keys yet",
      metric = "gatehouse_tokens_total{outcome=\"keys-unavailable\"}")
  private static final int MAX_WAITING = 1000;

  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Fetch fetch;
  private final long intervalNanos;
  private final LongSupplier clock;
  private volatile @Nullable Known known;
  private volatile long lastUsedNanos;
  private long mayFetchNanos;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private @Nullable Future<Void> fetching;
  private int waiting;

  /**
   * @param fetch gets them from where they are; it may refuse to, and must end within a few seconds
   * @param interval the least time between two fetches that succeed, and the longest after one that
   *     failed
   * @param clock nanoseconds, as of {@link System#nanoTime()}
   */
  RemoteKeys(Fetch fetch, Duration interval, LongSupplier clock) {
    this.fetch = fetch;
    this.intervalNanos = interval.toNanos();
    this.clock = clock;
    this.mayFetchNanos = clock.getAsLong();
    this.lastUsedNanos = mayFetchNanos;
  }

  /** Gets keys from where they are. */
  @FunctionalInterface
  interface Fetch {
    Future<Fetched> begin();
  }

  /**
   * What is there.
   *
   * @param freshFor how long to rely on it
   */
  record Fetched(KeySet keys, Duration freshFor) {}

  /** What was fetched; put in the place of what was before as a whole. */
  private record Known(KeySet keys, long fetchedNanos, long freshUntilNanos) {}

  /** The keys as they were last seen; null if they never were, or too long ago. */
  @Nullable KeySet current() {
    long now = clock.getAsLong();
    lastUsedNanos = now;
    Known last = known;
    if (last == null) {
      return null;
    }
    if (now - last.freshUntilNanos >= 0) {
      begin();
      last = requireNonNull(known);
    }
    return now - last.fetchedNanos < KEPT_WHILE_DOWN.toNanos() ? last.keys : null;
  }

  /**
   * A fetch that is under way or begins now, to wait for; null if it is too early for another one,
   * or too many wait already.
   */
  synchronized @Nullable Future<Void> refresh() {
    waiting++;
    return waiting <= MAX_WAITING ? begin() : null;
  }

  private synchronized @Nullable Future<Void> begin() {
    if (fetching != null) {
      return fetching;
    }
    waiting = 0;
    if (clock.getAsLong() - mayFetchNanos < 0) {
      return null;
    }
    Promise<Void> ended = Promise.promise();
    fetching = ended.future();
    fetch.begin().onComplete((fetched, failure) -> ended(fetched, failure, ended));
    return ended.future();
  }

  long lastUsedNanos() {
    return lastUsedNanos;
  }

  private void ended(@Nullable Fetched fetched, @Nullable Throwable failure, Promise<Void> ended) {
    synchronized (this) {
      long now = clock.getAsLong();
      if (fetched != null) {
        known = new Known(fetched.keys, now, now + fetched.freshFor.toNanos());
        pauseNanos = FIRST_PAUSE_NANOS;
        mayFetchNanos = now + intervalNanos;
      } else {
        mayFetchNanos = now + pauseNanos;
        pauseNanos =
            failure instanceof ProviderCalls.BusyException
                ? pauseNanos
                : Math.min(2 * pauseNanos, intervalNanos);
      }
      fetching = null;
      waiting = 0;
    }
    if (failure == null) {
      ended.complete();
    } else {
      ended.fail(failure);
    }
  }
}
