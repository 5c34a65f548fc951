package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.contract.edge.EgressBudget;
import java.time.Duration;

/** How what leaves within spans of one length is judged. */
public sealed interface SpanConfig permits WindowConfig, PeriodConfig {
  /** How long one is. */
  Duration length();

  /** After so many spans in which something left, one counts half of the newest. */
  int halfLife();

  /** So many spans in which something left are learned from before anything is unusual. */
  int learn();

  /** So many deviations above the mean is unusual. */
  int deviations();

  /** So few bytes are never unusual. */
  long leastBytes();

  /** So few records are never unusual. */
  long leastRecords();

  /** How much the newest span weighs. */
  default double weight() {
    return 1 - Math.pow(2, -1.0 / halfLife());
  }

  /**
   * Says what is wrong with the settings of a span.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  static void check(int halfLife, int learn, int deviations, long leastBytes, long leastRecords) {
    requireInRange("halfLife", halfLife, 1, 100_000);
    requireInRange("learn", learn, 2, 100_000);
    requireInRange("deviations", deviations, 1, 1000);
    requireInRange("leastBytes", leastBytes, 0, EgressBudget.MOST);
    requireInRange("leastRecords", leastRecords, 0, EgressBudget.MOST);
  }

  private static void requireInRange(String name, long found, long least, long most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "%s must be between %d and %d, found %d".formatted(name, least, most, found));
    }
  }
}
