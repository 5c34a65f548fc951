package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What becomes of tenants and callers to whom more leaves than usual.
 *
 * @param budget what holds for tenants that say nothing else of themselves (default: alarms)
 * @param window in which sudden exfiltration shows
 * @param period in which slow exfiltration shows
 * @param breakOff whether a cut-off also ends responses and WebSockets that are under way (default
 *     true)
 * @param recordsHeader the response header by which a service says how many records a response
 *     holds; one if it says nothing (default X-Record-Count)
 * @param maxPrincipals callers of all tenants that are told apart; others of a tenant share one
 *     count (default 50000)
 * @param maxPrincipalsPerTenant the same for each tenant (default 1000)
 */
public record ExfiltrationConfig(
    EgressBudget budget,
    WindowConfig window,
    PeriodConfig period,
    boolean breakOff,
    String recordsHeader,
    @Bound(
            unit = "callers",
            atIt = "the callers of a tenant that are one too many share one count of what leaves",
            metric = "gatehouse_exfiltration_untracked_total")
        int maxPrincipals,
    @Bound(
            unit = "callers",
            atIt = "the callers of a tenant that are one too many share one count of what leaves",
            metric = "gatehouse_exfiltration_untracked_total")
        int maxPrincipalsPerTenant) {
  // Before the defaults, which it is asked about.
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** The defaults. */
  public static final ExfiltrationConfig DEFAULT =
      new ExfiltrationConfig(
          EgressBudget.DEFAULT,
          WindowConfig.DEFAULT,
          PeriodConfig.DEFAULT,
          true,
          "X-Record-Count",
          50_000,
          1000);

  private static final Duration MOST_BETWEEN_SWEEPS = Duration.ofSeconds(1);
  private static final int SWEEPS_PER_WINDOW = 20;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ExfiltrationConfig {
    if (windowsPerPeriod(window, period) < 2 || period.length().toNanos() % nanos(window) != 0) {
      throw new IllegalArgumentException(
          "period.length must be a multiple of window.length (%s), found %s"
              .formatted(window.length(), period.length()));
    }
    if (!HEADER.matcher(recordsHeader).matches()) {
      throw new IllegalArgumentException(
          "recordsHeader must be the name of a header, found \"" + recordsHeader + "\"");
    }
    requireInRange("maxPrincipals", maxPrincipals, 1_000_000);
    requireInRange("maxPrincipalsPerTenant", maxPrincipalsPerTenant, 100_000);
  }

  private static void requireInRange(String name, int found, int most) {
    if (found < 1 || found > most) {
      throw new IllegalArgumentException(
          "%s must be between 1 and %d, found %d".formatted(name, most, found));
    }
  }

  /** What holds where a tenant says nothing of itself. */
  Action action() {
    return budget.action().orElse(Action.ALARM);
  }

  /** How many windows a period has. */
  long windowsPerPeriod() {
    return windowsPerPeriod(window, period);
  }

  /** How often to look whether a window has ended, or a tenant's settings have changed. */
  public long sweepMillis() {
    return Math.min(MOST_BETWEEN_SWEEPS.toMillis(), window.length().toMillis() / SWEEPS_PER_WINDOW);
  }

  private static long windowsPerPeriod(WindowConfig window, PeriodConfig period) {
    return period.length().toNanos() / nanos(window);
  }

  private static long nanos(WindowConfig window) {
    return window.length().toNanos();
  }
}
