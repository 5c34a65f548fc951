package dev.gatehouse.loadtests.exfiltration;

import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.gateway.exfiltration.ExfiltrationConfig;
import dev.gatehouse.gateway.exfiltration.PeriodConfig;
import dev.gatehouse.gateway.exfiltration.WindowConfig;
import java.time.Duration;

/**
 * How a drill goes. Its hours are short; all else is as in days of 24 of them.
 *
 * @param callersPerTenant each with an API key of its own
 * @param windowsPerDay hours of a day
 * @param learnDays in which nothing of a day can be unusual yet
 * @param ordinaryDays after these, in which nobody does anything unusual
 * @param attackDays after these, in which a few do
 * @param judgement what is unusual
 */
record Plan(
    int tenants,
    int callersPerTenant,
    int windowsPerDay,
    int learnDays,
    int ordinaryDays,
    int attackDays,
    Judgement judgement) {
  /** Some four minutes. */
  static final Plan FULL = new Plan(40, 5, 24, 7, 7, 4, Judgement.ofAnHour(600));

  /** Some two minutes. */
  static final Plan QUICK = new Plan(20, 5, 24, 7, 2, 2, Judgement.ofAnHour(400));

  private static final int LEAST_OF_A_DAY = 10;

  /**
   * What is unusual.
   *
   * @param window how long an hour takes
   * @param leastBytes so few in an hour are never unusual, and ten times as many in a day; nor are
   *     so many records as have this length
   * @param windowDeviations so many above the mean is unusual for an hour
   * @param periodDeviations so many above the mean is unusual for a day
   */
  record Judgement(Duration window, long leastBytes, int windowDeviations, int periodDeviations) {
    static Judgement ofAnHour(int millis) {
      return new Judgement(
          Duration.ofMillis(millis),
          0,
          WindowConfig.DEFAULT.deviations(),
          PeriodConfig.DEFAULT.deviations());
    }

    long leastRecords() {
      return leastBytes / Caller.MEAN_BYTES;
    }
  }

  /**
   * @throws IllegalArgumentException if there are too few to tell ordinary ones from attackers
   */
  Plan {
    if (tenants <= Attack.values().length || callersPerTenant < 1) {
      throw new IllegalArgumentException(
          "there must be more than %d tenants, each with callers, found %d with %d"
              .formatted(Attack.values().length, tenants, callersPerTenant));
    }
  }

  /** The same by another judgement. */
  Plan with(int otherOrdinaryDays, Judgement other) {
    return new Plan(
        tenants, callersPerTenant, windowsPerDay, learnDays, otherOrdinaryDays, attackDays, other);
  }

  /** How long an hour takes. */
  Duration window() {
    return judgement.window();
  }

  int callers() {
    return tenants * callersPerTenant;
  }

  int attackBegins() {
    return (learnDays + ordinaryDays) * windowsPerDay;
  }

  int windows() {
    return attackBegins() + attackDays * windowsPerDay;
  }

  /** The gateway's defaults, but for how long things take, and what is judged. */
  ExfiltrationConfig exfiltration() {
    ExfiltrationConfig defaults = ExfiltrationConfig.DEFAULT;
    return new ExfiltrationConfig(
        EgressBudget.DEFAULT,
        new WindowConfig(
            window(),
            2 * windowsPerDay,
            windowsPerDay,
            judgement.windowDeviations(),
            judgement.leastBytes(),
            judgement.leastRecords()),
        new PeriodConfig(
            window().multipliedBy(windowsPerDay),
            defaults.period().halfLife(),
            defaults.period().learn(),
            judgement.periodDeviations(),
            LEAST_OF_A_DAY * judgement.leastBytes(),
            LEAST_OF_A_DAY * judgement.leastRecords()),
        defaults.breakOff(),
        defaults.recordsHeader(),
        defaults.maxPrincipals(),
        defaults.maxPrincipalsPerTenant());
  }
}
