package dev.gatehouse.controlplane.api;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A rate that holds for each key by itself: token buckets, of which the most recently used are
 * kept. Any thread.
 */
public final class RateLimit {
  private static final int MAX_KEYS = 10_000;

  private final String name;
  private final long burst;
  private final Duration window;
  private final TimeMeter clock;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_KEYS;
        }
      };

  /**
   * @param name stands in the headers
   * @param burst how much is allowed at once
   * @param window in which as much comes again
   */
  RateLimit(String name, long burst, Duration window, TimeMeter clock) {
    this.name = name;
    this.burst = burst;
    this.window = window;
    this.clock = clock;
  }

  /**
   * One that lets so many pass in a second, and so many at once.
   *
   * @param name stands in the headers
   */
  public static RateLimit of(String name, int perSecond, int burst) {
    Duration window = Duration.ofNanos(Duration.ofSeconds(burst).toNanos() / perSecond);
    return new RateLimit(name, burst, window, TimeMeter.SYSTEM_NANOTIME);
  }

  /**
   * Takes some.
   *
   * @param count at most as many as are allowed at once
   * @throws ProblemException {@code RATE_LIMITED} if there are not so many left
   */
  public void take(String key, int count) {
    State _ = taken(key, count);
  }

  /**
   * Takes one.
   *
   * @return what stands in the headers of the answer
   * @throws ProblemException {@code RATE_LIMITED} if none is left
   */
  State take(String key) {
    return taken(key, 1);
  }

  private State taken(String key, int count) {
    ConsumptionProbe probe = bucketOf(key).tryConsumeAndReturnRemaining(count);
    State state = stateOf(probe.getRemainingTokens(), probe.getNanosToWaitForReset());
    if (!probe.isConsumed()) {
      throw state.refusal(seconds(probe.getNanosToWaitForRefill()));
    }
    return state;
  }

  /**
   * Takes none, and refuses where {@link #take} would.
   *
   * @throws ProblemException {@code RATE_LIMITED} if none is left
   */
  void require(String key) {
    var probe = bucketOf(key).estimateAbilityToConsume(1);
    if (!probe.canBeConsumed()) {
      throw stateOf(probe.getRemainingTokens(), window.toNanos())
          .refusal(seconds(probe.getNanosToWaitForRefill()));
    }
  }

  private Bucket bucketOf(String key) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(
          key,
          _ ->
              Bucket.builder()
                  .withCustomTimePrecision(clock)
                  .addLimit(limit -> limit.capacity(burst).refillGreedy(burst, window))
                  .build());
    }
  }

  private State stateOf(long remaining, long nanosToReset) {
    return new State(
        "\"%s\";q=%d;w=%d".formatted(name, burst, seconds(window.toNanos())),
        "\"%s\";r=%d;t=%d".formatted(name, remaining, seconds(nanosToReset)));
  }

  private static long seconds(long nanos) {
    return Math.max(1, Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
  }

  /**
   * What a caller is told (draft-ietf-httpapi-ratelimit-headers).
   *
   * @param policy how much is allowed
   * @param left how much is left
   */
  record State(String policy, String left) {
    static final String POLICY_HEADER = "RateLimit-Policy";
    static final String LEFT_HEADER = "RateLimit";

    private ProblemException refusal(long retryAfter) {
      return new ProblemException(
              Problem.RATE_LIMITED, "the rate " + policy + " is used up: wait, then try again")
          .withHeader("Retry-After", Long.toString(retryAfter))
          .withHeader(POLICY_HEADER, policy)
          .withHeader(LEFT_HEADER, left);
    }
  }
}
