package dev.gatehouse.controlplane.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long the times are by which usage is added up. */
enum Step {
  MINUTE(Duration.ofMinutes(1)),
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1)),
  /** All of the range in one. */
  TOTAL(Duration.ZERO);

  private static final Duration SHORT = Duration.ofHours(3);
  private static final Duration LONG = Duration.ofDays(14);

  private final Duration length;

  Step(Duration length) {
    this.length = length;
  }

  static Step of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /** The one whose table is read: a total of a short time is one of minutes. */
  Step readFor(Duration range) {
    if (this != TOTAL) {
      return this;
    }
    return range.compareTo(SHORT) <= 0 ? MINUTE : range.compareTo(LONG) <= 0 ? HOUR : DAY;
  }

  /** The begin of the one in which a time lies (UTC). */
  Instant begin(Instant time) {
    long seconds = length.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
  }

  Duration length() {
    return length;
  }

  String table() {
    return "usage_" + name().toLowerCase(Locale.ROOT);
  }
}
