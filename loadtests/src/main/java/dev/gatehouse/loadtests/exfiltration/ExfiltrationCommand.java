package dev.gatehouse.loadtests.exfiltration;

import dev.gatehouse.gateway.exfiltration.PeriodConfig;
import dev.gatehouse.gateway.exfiltration.WindowConfig;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.exfiltration.Plan.Judgement;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/exfiltration}. */
@Command(
    name = "exfiltration",
    mixinStandardHelpOptions = true,
    description =
        "Has callers of many tenants fetch what they fetch every day, and a few of them more: shows"
            + " how soon the gateway notices, and how often it notices nothing.")
public final class ExfiltrationCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Fewer callers and days; ends within a minute.")
  private boolean quick;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "Ordinary days between those of learning and those of attacks.")
  private @Nullable Integer days;

  @Option(names = "--window", paramLabel = "MILLIS", description = "How long an hour takes.")
  private @Nullable Integer millis;

  @Option(
      names = "--least-bytes",
      paramLabel = "N",
      description = "So few in a window are never unusual; 0 if absent, which shows all alarms.")
  private long leastBytes;

  @Option(
      names = "--window-deviations",
      paramLabel = "N",
      description = "As window.deviations of a gateway.")
  private int windowDeviations = WindowConfig.DEFAULT.deviations();

  @Option(
      names = "--period-deviations",
      paramLabel = "N",
      description = "As period.deviations of a gateway.")
  private int periodDeviations = PeriodConfig.DEFAULT.deviations();

  @Option(
      names = "--simulate",
      description = "Without sockets, by a clock of its own: many days in no time.")
  private boolean simulate;

  @Option(names = "--seed", paramLabel = "N", description = "Of the traffic.")
  private long seed = 1;

  /** Runs the program; it exits with 0, or with 1 where a request went wrong. */
  public static void main(String[] args) {
    Program.runAndExit(new ExfiltrationCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Plan base = quick ? Plan.QUICK : Plan.FULL;
    Plan plan =
        base.with(
            days == null ? base.ordinaryDays() : days,
            new Judgement(
                millis == null ? base.window() : Duration.ofMillis(millis),
                leastBytes,
                windowDeviations,
                periodDeviations));
    if (simulate) {
      System.out.print(Report.of(Simulation.run(plan, seed)));
      return 0;
    }
    try (Drill drill = Drill.start(plan, seed)) {
      System.out.print(Report.of(drill.run()));
    }
    return 0;
  }
}
