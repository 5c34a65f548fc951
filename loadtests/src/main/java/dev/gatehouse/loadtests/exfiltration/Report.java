package dev.gatehouse.loadtests.exfiltration;

import dev.gatehouse.loadtests.exfiltration.Outcome.Detection;
import dev.gatehouse.loadtests.exfiltration.Outcome.FalseAlarms;
import java.util.Locale;

/** The outcome as a table. */
final class Report {
  private Report() {}

  static String of(Outcome outcome) {
    Plan plan = outcome.plan();
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%d tenants with %d callers each; %d windows of %d ms make a day. %d days to learn, %d"
                + " ordinary ones, %d of attacks.%n%n%-32s %-14s %10s %12s %12s%n",
            plan.tenants(),
            plan.callersPerTenant(),
            plan.windowsPerDay(),
            plan.window().toMillis(),
            plan.learnDays(),
            plan.ordinaryDays(),
            plan.attackDays(),
            "a caller fetches",
            "found in a",
            "windows",
            "by then",
            "in all"));
    outcome.detections().forEach(detection -> table.append(line(detection)));
    table.append(
        String.format(
            Locale.ROOT,
            "%nby then, in all: what left since the attack began, in usual days of the caller.%n%n"));
    table.append(line("caller", outcome.falseAlarms()));
    table.append(line("tenant", outcome.falseAlarmsOfTenants()));
    table.append(
        String.format(
            Locale.ROOT, "Requests were sent %d ms late at most.%n", outcome.late().toMillis()));
    return table.toString();
  }

  private static String line(Detection detection) {
    boolean found = detection.span().isPresent();
    return String.format(
        Locale.ROOT,
        "%-32s %-14s %10s %12s %12.2f%n",
        detection.attack().title(),
        detection.span().map(span -> span.name().toLowerCase(Locale.ROOT)).orElse("NOT FOUND"),
        found ? String.format(Locale.ROOT, "%.1f", detection.windows()) : "-",
        found ? String.format(Locale.ROOT, "%.2f", detection.daysWorth()) : "-",
        detection.daysWorthInAll());
  }

  private static String line(String of, FalseAlarms alarms) {
    return String.format(
        Locale.ROOT,
        "False alarms: %.4f for each day of a %s (%d in windows, %d in periods, in %.0f such"
            + " days).%n",
        alarms.perDay(),
        of,
        alarms.inWindows(),
        alarms.inPeriods(),
        alarms.days());
  }
}
