package dev.gatehouse.controlplane.usage;

import java.time.Duration;

/**
 * How long what tenants did is kept.
 *
 * @param minutes by the minute (default 2 days; at least that, as gateways may report so late)
 * @param hours by the hour (default 92 days)
 * @param days by the day (default 1100 days)
 */
public record Retention(Duration minutes, Duration hours, Duration days) {
  private static final Duration LEAST = Duration.ofDays(2);

  /** The defaults. */
  public static final Retention DEFAULT =
      new Retention(LEAST, Duration.ofDays(92), Duration.ofDays(1100));

  /**
   * @throws IllegalArgumentException if minutes are kept for less than two days, or hours or days
   *     for less than what they are added up from
   */
  public Retention {
    if (minutes.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException("minutes must be at least 2 days, found " + minutes);
    }
    if (hours.compareTo(minutes) < 0 || days.compareTo(hours) < 0) {
      throw new IllegalArgumentException(
          "hours must be at least minutes, and days at least hours, found %s, %s and %s"
              .formatted(minutes, hours, days));
    }
  }
}
