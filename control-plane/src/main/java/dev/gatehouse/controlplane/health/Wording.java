package dev.gatehouse.controlplane.health;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How numbers and times are told. */
final class Wording {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY_AND_YEAR =
      DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private static final double A_SECOND = 1000;

  private Wording() {}

  /** Such as {@code 8.2 %}, and {@code 0 %} only where it is none. */
  static String percent(double share) {
    double percent = share * 100;
    if (percent > 0 && percent < 0.1) {
      return "less than 0.1 %";
    }
    return decimal(percent) + " %";
  }

  /** Such as {@code 1,240}. */
  static String count(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  /** Such as {@code 840 ms} or {@code 2.5 s}. */
  static String millis(double millis) {
    return millis < A_SECOND ? decimal(millis) + " ms" : decimal(millis / A_SECOND) + " s";
  }

  /** One digit after the point where the number is small, none where it is great. */
  static String decimal(double number) {
    double rounded = Math.round(number * 10) / 10.0;
    return rounded >= 100 || rounded == Math.rint(rounded)
        ? String.format(Locale.ENGLISH, "%,d", Math.round(number))
        : String.format(Locale.ENGLISH, "%.1f", rounded);
  }

  /** Such as {@code 29 November}. */
  static String day(Instant time) {
    return DAY.format(time);
  }

  /** Such as {@code 29 November 2026}. */
  static String date(Instant time) {
    return DAY_AND_YEAR.format(time);
  }

  /** Such as {@code in 3 days} or {@code 5 hours ago}. */
  static String distance(Instant from, Instant to) {
    Duration length = Duration.between(from, to);
    String amount = amount(length.abs());
    return length.isNegative() ? amount + " ago" : "in " + amount;
  }

  /** Such as {@code 3 days}. */
  static String amount(Duration length) {
    if (length.toHours() < 1) {
      return many(length.toMinutes(), "minute");
    }
    return length.toDays() < 2 ? many(length.toHours(), "hour") : many(length.toDays(), "day");
  }

  /** A sentence to be appended, of others that are as the worst one is; nothing of none. */
  static String alsoOf(long others) {
    return others == 0 ? "" : " So it is with " + count(others) + " more.";
  }

  /** A reason to be appended, where there is one. */
  static String because(String why) {
    return why.isBlank() ? "" : " " + why.strip();
  }

  /** Such as {@code 1 domain} or {@code 3 domains}. */
  static String many(long number, String what) {
    return count(number) + " " + what + (number == 1 ? "" : "s");
  }
}
