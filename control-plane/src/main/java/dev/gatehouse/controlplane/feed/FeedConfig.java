package dev.gatehouse.controlplane.feed;

import java.time.Duration;

/**
 * Bounds of the feed.
 *
 * @param heartbeat how often a quiet feed says that it is alive, and how often the database is read
 *     where no notification came (default 2 s)
 * @param writeTimeout how long a gateway may take to read one chunk before it is cut off (default
 *     10 s)
 * @param chunkBytes how much is handed to a connection at once; all that a slow gateway can hold in
 *     memory (default 64 KiB, a longer line goes alone)
 * @param windowChanges newest changes kept in memory for all gateways of an instance (default 4096)
 * @param concurrentSnapshots snapshots read from the database at once; further gateways wait their
 *     turn (default 4; each takes a connection of the pool)
 * @param tombstoneAge how long the removal of an object is remembered (default 24 h)
 * @param maxTombstones how many removals are remembered at most (default 100000)
 * @param lease how long after its last word a gateway counts as alive (default 10 s)
 * @param maxSessions gateways that one instance feeds at once; one more is answered 503 (default
 *     1000)
 * @param forgetGatewaysAfter when a gateway that was not heard of is no longer listed (default 7
 *     days)
 */
public record FeedConfig(
    Duration heartbeat,
    Duration writeTimeout,
    int chunkBytes,
    int windowChanges,
    int concurrentSnapshots,
    Duration tombstoneAge,
    int maxTombstones,
    Duration lease,
    int maxSessions,
    Duration forgetGatewaysAfter) {

  /**
   * @throws IllegalArgumentException if a duration or a number is not positive
   */
  public FeedConfig {
    positive("heartbeat", heartbeat);
    positive("writeTimeout", writeTimeout);
    positive("chunkBytes", chunkBytes);
    positive("windowChanges", windowChanges);
    positive("concurrentSnapshots", concurrentSnapshots);
    positive("tombstoneAge", tombstoneAge);
    positive("maxTombstones", maxTombstones);
    positive("lease", lease);
    positive("maxSessions", maxSessions);
    positive("forgetGatewaysAfter", forgetGatewaysAfter);
  }

  /** Every setting at its default. */
  public static FeedConfig defaults() {
    return new FeedConfig(
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        64 * 1024,
        4096,
        4,
        Duration.ofHours(24),
        100_000,
        Duration.ofSeconds(10),
        1000,
        Duration.ofDays(7));
  }

  private static void positive(String name, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than 0, found " + found);
    }
  }

  private static void positive(String name, int found) {
    if (found < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, found " + found);
    }
  }
}
