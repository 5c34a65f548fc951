package dev.gatehouse.loadtests.compare;

import dev.gatehouse.loadtests.Program;
import picocli.CommandLine.Command;

/** {@code loadtests/compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Compares Gatehouse with other proxies on the same work, side by side.")
public final class CompareCommand extends SideBySideCommand<Plan> {
  /** Runs the program; it exits with 0, or with 1 where a contender failed. */
  public static void main(String[] args) {
    Program.runAndExit(new CompareCommand(), args);
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
    Rounds measured =
        new Comparison(plan, field.requests(), SideBySideCommand::say).run(field.contenders());
    return Report.of(measured, plan, field.cores().pins());
  }
}
