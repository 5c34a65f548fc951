package dev.gatehouse.gateway.usage;

import dev.gatehouse.gateway.bounds.Bound;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How what tenants do is reported to the control plane.
 *
 * @param directory where reports are until the control plane has taken them; in memory if absent,
 *     and then a gateway that is killed loses those, too
 * @param every time between two reports (default 10 s)
 * @param maxBytes most bytes of reports that wait (default 64 MiB)
 * @param maxAge how long a report may wait (default 24 h)
 */
public record UsageConfig(
    Optional<Path> directory,
    @Bound(
            atIt = "what was counted is reported; a gateway that is killed loses no more than that",
            metric = "gatehouse_usage_reports_total")
        Duration every,
    @Bound(
            unit = "bytes",
            atIt = "the oldest reports are given up, and the control plane is told for which time",
            metric = "gatehouse_usage_lost_total")
        long maxBytes,
    @Bound(
            atIt = "the report is given up, and the control plane is told for which time",
            metric = "gatehouse_usage_lost_total")
        Duration maxAge) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration OLDEST = Duration.ofHours(36);

  /** All defaults. */
  public static final UsageConfig DEFAULT =
      new UsageConfig(Optional.empty(), Duration.ofSeconds(10), 64L << 20, Duration.ofHours(24));

  /**
   * @throws IllegalArgumentException if {@code every} is not between 100 ms and a minute, {@code
   *     maxBytes} less than 1 MiB or {@code maxAge} not between a minute and 36 h, after which the
   *     control plane takes nothing
   */
  public UsageConfig {
    if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("every must be between 100 ms and 1 min, found " + every);
    }
    if (maxBytes < 1 << 20) {
      throw new IllegalArgumentException("maxBytes must be at least 1048576, found " + maxBytes);
    }
    if (maxAge.compareTo(Duration.ofMinutes(1)) < 0 || maxAge.compareTo(OLDEST) > 0) {
      throw new IllegalArgumentException("maxAge must be between 1 min and 36 h, found " + maxAge);
    }
  }

  /** The same with reports on disk. */
  public UsageConfig in(Path folder) {
    return new UsageConfig(Optional.of(folder), every, maxBytes, maxAge);
  }
}
