package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.MonthlyUse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What will be used until the end of the month. Where there are two weeks of whole days, each day
 * to come is what the same weekdays of the last four weeks were on average, each made greater or
 * smaller by the growth from week to week of the last eight; else the pace of the month so far goes
 * on.
 *
 * @param method how it was found out
 * @param atEnd what will have been used at the end of the month
 * @param usedUpAt when all will be, if that is within the month
 * @param errorPercent by how much the same method would have missed the last seven days
 */
public record UsageForecast(
    Method method, long atEnd, Optional<Instant> usedUpAt, Optional<Double> errorPercent) {
  /** Days of history that it looks at. */
  public static final int DAYS = 63;

  private static final int WEEK = 7;
  private static final int WEEKS = 4;
  private static final int WEEKS_OF_GROWTH = 8;
  private static final int LEAST_DAYS = 2 * WEEK;
  private static final int LEAST_TO_LOOK_BACK = 5 * WEEK;

  /** One week says little of the next ones: nothing more than doubles in two of them. */
  private static final double MOST_GROWTH = 1.4;

  private static final double DAY_MILLIS = Duration.ofDays(1).toMillis();

  /** A pace of less of a month would say nothing. */
  private static final Duration LEAST = Duration.ofHours(6);

  /** How it was found out. */
  public enum Method {
    WEEKDAYS,
    PACE;

    /** Its name in documents. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Looks ahead.
   *
   * @param history what was used on each whole day, the oldest first, the last one yesterday (UTC);
   *     from the first day on which anything was
   * @param used of the month so far
   * @param most the quota, if there is one
   * @return empty where too little is known
   */
  public static Optional<UsageForecast> of(
      double[] history, long used, Optional<Long> most, Instant now) {
    YearMonth month = MonthlyUse.monthOf(now);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Instant tomorrow = today.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    double leftOfToday = Duration.between(now, tomorrow).toMillis() / DAY_MILLIS;
    int days = month.lengthOfMonth() - today.getDayOfMonth() + 1;
    if (history.length >= LEAST_DAYS) {
      double[] ahead = ahead(history, days);
      ahead[0] *= leftOfToday;
      return Optional.of(of(Method.WEEKDAYS, ahead, used, most, now, tomorrow, errorOf(history)));
    }
    Duration gone = Duration.between(MonthlyUse.beginOf(month), now);
    if (gone.compareTo(LEAST) < 0 || used == 0) {
      return Optional.empty();
    }
    double perDay = used * DAY_MILLIS / gone.toMillis();
    double[] ahead = new double[days];
    Arrays.fill(ahead, perDay);
    ahead[0] *= leftOfToday;
    return Optional.of(of(Method.PACE, ahead, used, most, now, tomorrow, Optional.empty()));
  }

  private static UsageForecast of(
      Method method,
      double[] ahead,
      long used,
      Optional<Long> most,
      Instant now,
      Instant tomorrow,
      Optional<Double> error) {
    double sum = used;
    Optional<Instant> usedUpAt = Optional.empty();
    Instant from = now;
    Instant to = tomorrow;
    for (double day : ahead) {
      if (usedUpAt.isEmpty() && most.isPresent() && sum < most.get() && sum + day >= most.get()) {
        double part = (most.get() - sum) / day;
        usedUpAt =
            Optional.of(from.plusMillis((long) (part * Duration.between(from, to).toMillis())));
      }
      sum += day;
      from = to;
      to = to.plus(Duration.ofDays(1));
    }
    return new UsageForecast(method, Math.round(sum), usedUpAt, error);
  }

  /** What is expected of the day behind the history, and of those after it. */
  static double[] ahead(double[] history, int days) {
    double growth = weeklyGrowth(history);
    double[] ahead = new double[days];
    for (int day = 0; day < days; day++) {
      double sum = 0;
      int found = 0;
      for (int weeks = day / WEEK + 1; found < WEEKS; weeks++) {
        int at = history.length + day - weeks * WEEK;
        if (at < 0) {
          break;
        }
        sum += history[at] * Math.pow(growth, weeks);
        found++;
      }
      ahead[day] = found == 0 ? 0 : sum / found;
    }
    return ahead;
  }

  /**
   * From week to week: the slope of a line through the logarithms of the last whole weeks. More
   * weeks tell growth from chance, which is multiplied with each week that it looks ahead.
   */
  private static double weeklyGrowth(double[] history) {
    int weeks = Math.min(WEEKS_OF_GROWTH, history.length / WEEK);
    double middle = (weeks - 1) / 2.0;
    double sloped = 0;
    double squares = 0;
    for (int week = 0; week < weeks; week++) {
      int from = history.length - (weeks - week) * WEEK;
      double sum = sum(history, from, from + WEEK);
      if (sum <= 0) {
        return 1;
      }
      sloped += (week - middle) * Math.log(sum);
      squares += (week - middle) * (week - middle);
    }
    return Math.clamp(Math.exp(sloped / squares), 1 / MOST_GROWTH, MOST_GROWTH);
  }

  private static Optional<Double> errorOf(double[] history) {
    if (history.length < LEAST_TO_LOOK_BACK) {
      return Optional.empty();
    }
    int then = history.length - WEEK;
    double was = sum(history, then, history.length);
    double expected = Arrays.stream(ahead(Arrays.copyOf(history, then), WEEK)).sum();
    return was <= 0 ? Optional.empty() : Optional.of(Math.abs(expected - was) / was * 100);
  }

  private static double sum(double[] of, int from, int to) {
    return Arrays.stream(of, from, to).sum();
  }

  /**
   * A history from the days on which there was something.
   *
   * @param days ascending, none of today or later
   * @param values of each
   */
  public static double[] history(LocalDate[] days, Long[] values, LocalDate today) {
    if (days.length == 0) {
      return new double[0];
    }
    int length = (int) (today.toEpochDay() - days[0].toEpochDay());
    double[] history = new double[length];
    for (int i = 0; i < days.length; i++) {
      history[(int) (days[i].toEpochDay() - days[0].toEpochDay())] = values[i];
    }
    return history;
  }
}
