package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.gateway.bounds.NotABound;
import java.time.Duration;

/**
 * The span in which sudden exfiltration shows, and for which budgets hold.
 *
 * @param length how long a window is (default 10 min)
 * @param halfLife after so many windows in which something left, one counts half of the newest
 *     (default 288)
 * @param learn so many windows in which something left are learned from before anything is unusual
 *     (default 48)
 * @param deviations so many of them above the mean is unusual (default 10)
 * @param leastBytes so few are never unusual (default 50 MiB)
 * @param leastRecords so few are never unusual (default 10000)
 */
public record WindowConfig(
    @NotABound("how long is counted together") Duration length,
    @NotABound("how fast is forgotten what was usual") int halfLife,
    @NotABound("how much is learned from first") int learn,
    @NotABound("what is unusual") int deviations,
    @NotABound("what is never unusual") long leastBytes,
    @NotABound("what is never unusual") long leastRecords)
    implements SpanConfig {
  /** The defaults. */
  public static final WindowConfig DEFAULT =
      new WindowConfig(Duration.ofMinutes(10), 288, 48, 10, 50L << 20, 10_000);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public WindowConfig {
    if (length.compareTo(Duration.ofMillis(100)) < 0 || length.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("length must be from 100ms to 1d, found " + length);
    }
    SpanConfig.check(halfLife, learn, deviations, leastBytes, leastRecords);
  }
}
