package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.gateway.bounds.NotABound;
import java.time.Duration;

/**
 * The longer span in which slow exfiltration shows: little in each window, much in all of them.
 *
 * @param length how long a period is, a whole number of windows (default 1 d)
 * @param halfLife after so many periods in which something left, one counts half of the newest
 *     (default 7)
 * @param learn so many periods in which something left are learned from before anything is unusual
 *     (default 5)
 * @param deviations so many of them above the mean is unusual (default 5)
 * @param leastBytes so few are never unusual (default 500 MiB)
 * @param leastRecords so few are never unusual (default 100000)
 */
public record PeriodConfig(
    @NotABound("how long is counted together") Duration length,
    @NotABound("how fast is forgotten what was usual") int halfLife,
    @NotABound("how much is learned from first") int learn,
    @NotABound("what is unusual") int deviations,
    @NotABound("what is never unusual") long leastBytes,
    @NotABound("what is never unusual") long leastRecords)
    implements SpanConfig {
  /** The defaults. */
  public static final PeriodConfig DEFAULT =
      new PeriodConfig(Duration.ofDays(1), 7, 5, 5, 500L << 20, 100_000);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public PeriodConfig {
    if (length.compareTo(Duration.ofMillis(200)) < 0 || length.compareTo(Duration.ofDays(31)) > 0) {
      throw new IllegalArgumentException("length must be from 200ms to 31d, found " + length);
    }
    SpanConfig.check(halfLife, learn, deviations, leastBytes, leastRecords);
  }
}
