package dev.gatehouse.controlplane.usage;

import java.time.Duration;

/**
 * How long what tenants did is kept.
 *
 * @param keepMinutes by the minute (default 2 days, at least that, as gateways may report so late;
 *     at most 31)
 * @param keepHours by the hour (default 92 days; at least {@code keepMinutes} and 7 days, at most
 *     800)
 * @param keepDays by the day (default 1100 days; at least {@code keepHours} and 92 days, at most
 *     3700)
 */
public record Retention(Duration keepMinutes, Duration keepHours, Duration keepDays) {
  private static final Duration LEAST_MINUTES = Duration.ofDays(2);
  private static final Duration MOST_MINUTES = Duration.ofDays(31);

  /** Error budgets look three days back by the hour. */
  private static final Duration LEAST_HOURS = Duration.ofDays(7);

  private static final Duration MOST_HOURS = Duration.ofDays(800);

  /** Error budgets look ninety days back by the day. */
  private static final Duration LEAST_DAYS = Duration.ofDays(92);

  private static final Duration MOST_DAYS = Duration.ofDays(3700);

  /** The defaults. */
  public static final Retention DEFAULT =
      new Retention(LEAST_MINUTES, LEAST_DAYS, Duration.ofDays(1100));

  /**
   * @throws IllegalArgumentException if one is out of its bounds, or hours or days are kept for
   *     less than what they are added up from
   */
  public Retention {
    between("keepMinutes", keepMinutes, LEAST_MINUTES, MOST_MINUTES);
    between("keepHours", keepHours, LEAST_HOURS, MOST_HOURS);
    between("keepDays", keepDays, LEAST_DAYS, MOST_DAYS);
    notLess("keepHours", keepHours, "keepMinutes", keepMinutes);
    notLess("keepDays", keepDays, "keepHours", keepHours);
  }

  private static void between(String name, Duration found, Duration least, Duration most) {
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be between %dd and %dd, found %s"
              .formatted(name, least.toDays(), most.toDays(), text(found)));
    }
  }

  private static void notLess(String name, Duration found, String than, Duration other) {
    if (found.compareTo(other) < 0) {
      throw new IllegalArgumentException(
          "%s must be at least %s, found %s and %s"
              .formatted(name, than, text(found), text(other)));
    }
  }

  private static String text(Duration duration) {
    return duration.equals(Duration.ofDays(duration.toDays()))
        ? duration.toDays() + "d"
        : duration.toHours() + "h";
  }
}
