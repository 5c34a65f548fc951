package dev.gatehouse.controlplane.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * A {@code format} of the document that says the bounds of an ISO 8601 duration, which no keyword
 * of JSON Schema can: {@code duration from PT0.1S to PT1H}.
 *
 * @param min shortest
 * @param max longest
 */
record DurationRange(Duration min, Duration max) {
  /** How such formats begin. */
  static final String FORMAT = "duration from ";

  /**
   * @throws IllegalStateException if the document has a range that is none
   */
  static DurationRange parse(String format) {
    try {
      String[] bounds = format.substring(FORMAT.length()).split(" to ", 2);
      return new DurationRange(Duration.parse(bounds[0]), Duration.parse(bounds[1]));
    } catch (DateTimeParseException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalStateException("the document has the unusable format \"" + format + "\"", e);
    }
  }

  boolean holds(String text) {
    try {
      Duration duration = Duration.parse(text);
      return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return FORMAT + min + " to " + max;
  }
}
