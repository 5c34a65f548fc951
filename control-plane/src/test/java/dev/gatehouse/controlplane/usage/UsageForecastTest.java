package dev.gatehouse.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.controlplane.usage.UsageForecast.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is expected of a month, held against what it was. */
class UsageForecastTest {
  private static final int TENANTS = 200;
  private static final LocalDate BEGIN = LocalDate.of(2026, 6, 1); // a Monday

  /** Quiet weekends, growth of some percent a week, and chance. */
  private static double[] year(Random random, double growth, double weekend, double noise) {
    double[] days = new double[200];
    for (int i = 0; i < days.length; i++) {
      double pattern = i % 7 >= 5 ? weekend : 1;
      double chance = Math.exp(random.nextGaussian() * noise);
      days[i] = Math.round(10_000 * pattern * Math.pow(growth, i / 7.0) * chance);
    }
    return days;
  }

  /**
   * The table of docs/analytics.md. How far off the end of November was, seen from the begin of a
   * day; in percent, on average.
   */
  private static double[] errorsOf(int dayOfMonth, double growth) {
    Random random = new Random(42);
    double weekdays = 0;
    double pace = 0;
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      double[] days = year(random, growth, 0.2, 0.1);
      int first = (int) (LocalDate.of(2026, 11, 1).toEpochDay() - BEGIN.toEpochDay());
      int today = first + dayOfMonth - 1;
      double was = Arrays.stream(days, first, first + 30).sum();
      long used = Math.round(Arrays.stream(days, first, today).sum());
      Instant now = LocalDate.of(2026, 11, dayOfMonth).atStartOfDay().toInstant(ZoneOffset.UTC);
      double[] history = Arrays.copyOfRange(days, today - UsageForecast.DAYS, today);
      UsageForecast found = UsageForecast.of(history, used, Optional.empty(), now).orElseThrow();
      assertThat(found.method()).isEqualTo(Method.WEEKDAYS);
      UsageForecast simple =
          UsageForecast.of(new double[0], used, Optional.empty(), now).orElseThrow();
      assertThat(simple.method()).isEqualTo(Method.PACE);
      weekdays += Math.abs(found.atEnd() - was) / was * 100;
      pace += Math.abs(simple.atEnd() - was) / was * 100;
    }
    return new double[] {weekdays / TENANTS, pace / TENANTS};
  }

  @Test
  void missesTheEndOfTheMonthByLessThanThePaceDoes() {
    for (double growth : new double[] {1.0, 1.03, 1.1}) {
      for (int day : new int[] {4, 10, 17, 24}) {
        double[] errors = errorsOf(day, growth);
        assertThat(errors[0]).as("growth %s, day %s", growth, day).isLessThan(8);
        assertThat(errors[0]).isLessThan(errors[1] + 0.3);
      }
    }
  }

  @Test
  void saysOfItselfHowFarOffItWouldHaveBeen() {
    double[] steady = new double[63];
    Arrays.fill(steady, 100);
    Instant now = Instant.parse("2026-11-15T00:00:00Z");
    UsageForecast found = UsageForecast.of(steady, 1400, Optional.of(2000L), now).orElseThrow();
    assertThat(found.errorPercent()).contains(0.0);
    assertThat(found.atEnd()).isEqualTo(3000);
    assertThat(found.usedUpAt()).contains(now.plus(Duration.ofDays(6)));

    Arrays.fill(steady, 56, 63, 200);
    assertThat(UsageForecast.of(steady, 1400, Optional.empty(), now).orElseThrow().errorPercent())
        .hasValueSatisfying(error -> assertThat(error).isCloseTo(50, within(0.01)));
  }

  @Test
  void saysNothingOfWhatItDoesNotKnow() {
    Instant early = Instant.parse("2026-11-01T02:00:00Z");
    assertThat(UsageForecast.of(new double[5], 100, Optional.of(1000L), early)).isEmpty();
    double[] silent = new double[30];
    UsageForecast found = UsageForecast.of(silent, 0, Optional.of(1000L), early).orElseThrow();
    assertThat(found.atEnd()).isZero();
    assertThat(found.usedUpAt()).isEmpty();
  }

  @Test
  void fillsTheDaysOnWhichNothingWas() {
    LocalDate today = LocalDate.of(2026, 11, 10);
    double[] history =
        UsageForecast.history(
            new LocalDate[] {today.minusDays(4), today.minusDays(2)}, new Long[] {7L, 9L}, today);
    assertThat(history).containsExactly(7, 0, 9, 0);
  }
}
