package dev.gatehouse.controlplane.analytics;

import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Of which periods growth is asked for.
 *
 * @param first begin of the first
 * @param last begin of the last
 * @param byPlan whether there is a row for each plan
 */
record GrowthQuery(Step step, LocalDate first, LocalDate last, boolean byPlan) {
  private static final int MOST = 400;
  private static final int USUAL = 12;

  /** How long a period is. */
  enum Step {
    DAY(ChronoUnit.DAYS),
    WEEK(ChronoUnit.WEEKS),
    MONTH(ChronoUnit.MONTHS);

    private final ChronoUnit unit;

    Step(ChronoUnit unit) {
      this.unit = unit;
    }

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    LocalDate begin(LocalDate day) {
      return switch (this) {
        case DAY -> day;
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> day.withDayOfMonth(1);
      };
    }

    LocalDate after(LocalDate begin) {
      return begin.plus(1, unit);
    }
  }

  /**
   * Reads one.
   *
   * @throws ProblemException {@code INVALID_PARAMETER}
   */
  static GrowthQuery of(ApiRequest request, Instant now) {
    Step step =
        request
            .query("step")
            .map(name -> Step.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(Step.MONTH);
    LocalDate last =
        step.begin(day(request, "to").orElse(LocalDate.ofInstant(now, ZoneOffset.UTC)));
    LocalDate first =
        day(request, "from").map(step::begin).orElseGet(() -> last.minus(USUAL, step.unit));
    if (first.isAfter(last)) {
      throw wrong("to", "must be after from, found " + last);
    }
    long periods = step.unit.between(first, last) + 1;
    if (periods > MOST) {
      throw wrong(
          "step",
          "must divide the range into at most %d, found %d: choose a longer step or a shorter range"
              .formatted(MOST, periods));
    }
    return new GrowthQuery(
        step, first, last, request.query("groupBy").filter(by -> by.equals("plan")).isPresent());
  }

  /** With the period before, which the first one is compared with. */
  LocalDate before() {
    return first.minus(1, step.unit);
  }

  /** The first day behind all. */
  LocalDate end() {
    return step.after(last);
  }

  private static Optional<LocalDate> day(ApiRequest request, String name) {
    return request
        .query(name)
        .map(text -> LocalDate.ofInstant(OffsetDateTime.parse(text).toInstant(), ZoneOffset.UTC))
        .map(day -> {
          if (day.getYear() < 2000 || day.getYear() > 2999) {
            throw wrong(name, "must be between the years 2000 and 2999, found " + day);
          }
          return day;
        });
  }

  private static ProblemException wrong(String parameter, String what) {
    return new ProblemException(
        Problem.INVALID_PARAMETER, List.of(Fault.inParameter(parameter, what)));
  }
}
