package dev.gatehouse.loadtests.latency;

import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.compare.SideBySideCommand;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.process.LoadAverage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/latency}. */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    description =
        "Measures what Gatehouse and other proxies add to an upstream's latency at half of what the"
            + " slowest of them can serve.")
public final class LatencyCommand extends SideBySideCommand<Plan> {
  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second, instead of half of what the slowest can serve.")
  private @Nullable Double rate;

  /** Runs the program; it exits with 0, or with 1 where a contender failed. */
  public static void main(String[] args) {
    Program.runAndExit(new LatencyCommand(), args);
  }

  @Override
  protected Plan plan(boolean inBrief) {
    return inBrief ? Plan.QUICK : Plan.FULL;
  }

  @Override
  protected Plan withRounds(Plan plan, int wanted) {
    return plan.withRounds(wanted);
  }

  @Override
  protected int tenants(Plan plan) {
    return plan.tenants();
  }

  @Override
  protected Findings measure(Plan plan, Field field) throws Exception {
    List<RunningContender> all = new ArrayList<>(field.contenders());
    all.addFirst(Direct.of(field.upstream(), field.upstreamPort()));
    double loadBefore = LoadAverage.now();
    HalfLoad load = new HalfLoad(plan, field.requests(), SideBySideCommand::say);
    double half = load.half(all);
    double perSecond = rate == null ? half : rate;
    Rounds measured = load.run(all, perSecond);
    return Report.of(
        measured, plan, perSecond, field.cores().pins(), LoadAverage.since(loadBefore));
  }
}
