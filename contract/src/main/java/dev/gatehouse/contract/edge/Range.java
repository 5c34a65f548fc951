package dev.gatehouse.contract.edge;

import java.time.Duration;

/** Bounds of numbers and times, said in one way. */
final class Range {
  private Range() {}

  /**
   * @throws IllegalArgumentException if the value is not within the bounds, both included
   */
  static void check(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " must be between " + min + " and " + max + ", found " + value);
    }
  }

  /**
   * @throws IllegalArgumentException if the time is not within the bounds, both included
   */
  static void check(String what, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          what + " must be between " + min + " and " + max + ", found " + value);
    }
  }
}
