package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;

/**
 * How a gateway shares its tenants' limits with the other gateways.
 *
 * @param syncInterval time between two reports to Redis; also how long a gateway may not know what
 *     the others admitted (default 100 ms)
 * @param syncTimeout how long Redis may take to answer one report, or to accept a connection,
 *     before it counts as unreachable (default 500 ms)
 * @param batchSize most tenants in one report; Redis serves nobody else while it works on one. Only
 *     1 is possible on a Redis Cluster, where tenants lie in different slots (default 200)
 * @param maxDebt the longest that a tenant is refused for what its gateways admitted too much, on
 *     top of the time its burst takes to refill; debt beyond it is forgiven (default 10 s)
 * @param reconnectDelay pause before the first attempt to reconnect to Redis; doubles with every
 *     attempt, each varied at random between half and the whole (default 100 ms)
 * @param maxReconnectDelay where the doubling ends (default 5 s)
 */
public record LimitConfig(
    @Bound(
            atIt = "so long a gateway may not know what the others admitted",
            metric = "gatehouse_limit_shared")
        Duration syncInterval,
    @Bound(
            atIt = "Redis counts as away: the gateway limits by what it knows itself",
            metric = "gatehouse_limit_sync_failures_total")
        Duration syncTimeout,
    @Bound(unit = "tenants", atIt = "further tenants are in the next report to Redis")
        int batchSize,
    @Bound(
            atIt =
                "a tenant of which its gateways admitted too much is refused no longer than that",
            metric = "gatehouse_requests_refused_total{problem=\"rate-limited\"}")
        Duration maxDebt,
    @Bound(
            atIt = "no attempt to reach Redis before that",
            metric = "gatehouse_limit_sync_failures_total")
        Duration reconnectDelay,
    @Bound(
            atIt = "the pause between two attempts grows no longer",
            metric = "gatehouse_limit_sync_failures_total")
        Duration maxReconnectDelay) {

  // Before DEFAULT, whose construction checks against them.
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int LARGEST_BATCH = 1000;

  /** All defaults. */
  public static final LimitConfig DEFAULT =
      new LimitConfig(
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          200,
          Duration.ofSeconds(10),
          Duration.ofMillis(100),
          Duration.ofSeconds(5));

  /**
   * @throws IllegalArgumentException if a duration is not between 1 ms and 1 h, the batch not
   *     between 1 and 1000, or {@code maxReconnectDelay} shorter than {@code reconnectDelay}
   */
  public LimitConfig {
    check("syncInterval", syncInterval);
    check("syncTimeout", syncTimeout);
    check("maxDebt", maxDebt);
    check("reconnectDelay", reconnectDelay);
    check("maxReconnectDelay", maxReconnectDelay);
    if (batchSize < 1 || batchSize > LARGEST_BATCH) {
      throw new IllegalArgumentException(
          "batchSize must be between 1 and " + LARGEST_BATCH + ", found " + batchSize);
    }
    if (maxReconnectDelay.compareTo(reconnectDelay) < 0) {
      throw new IllegalArgumentException(
          "maxReconnectDelay must be at least reconnectDelay, "
              + reconnectDelay
              + ", found "
              + maxReconnectDelay);
    }
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be between 1 ms and 1 h, found " + value);
    }
  }
}
