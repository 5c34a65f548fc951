package dev.gatehouse.gateway.observe.trace;

import dev.gatehouse.gateway.bounds.NotABound;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which part of requests is sampled.
 *
 * @param value from 0, none, to 1, all
 */
public record SampleRatio(@NotABound("a share") double value) {
  /** No request is sampled. */
  public static final SampleRatio NONE = new SampleRatio(0);

  /**
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public SampleRatio {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("value must be between 0 and 1, found " + value);
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the text is no number between 0 and 1
   */
  public static SampleRatio parse(String text) {
    try {
      return new SampleRatio(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a number between 0 and 1, found \"" + text + "\"", e);
    }
  }

  /** Whether this one is. */
  boolean takesThisOne() {
    return value >= 1 || (value > 0 && ThreadLocalRandom.current().nextDouble() < value);
  }
}
