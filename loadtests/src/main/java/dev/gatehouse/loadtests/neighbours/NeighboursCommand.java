package dev.gatehouse.loadtests.neighbours;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.LoadAverage;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.BusyUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/neighbours}. */
@Command(
    name = "neighbours",
    mixinStandardHelpOptions = true,
    description =
        "Measures a quiet tenant alone and beside one that sends ten times its share, with the"
            + " gateway's turns and without.")
public final class NeighboursCommand implements Callable<Integer> {
  private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(60);
  private static final List<Situation> SITUATIONS =
      List.of(Situation.ALONE, Situation.ADAPTIVE, Situation.FIXED, Situation.NONE);

  @Option(names = "--quick", description = "Three short rounds; ends within two minutes.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results as JSON, too.")
  private @Nullable Path json;

  @Option(names = "--rounds", paramLabel = "N", description = "How many rounds.")
  private @Nullable Integer rounds;

  @Option(names = "--workers", paramLabel = "N", description = "Workers of the application.")
  private int workers = Plan.FULL.workers();

  @Option(
      names = "--millis",
      paramLabel = "N",
      description = "What a worker takes for a request, on average.")
  private double millis = Plan.FULL.meanMillis();

  /** Runs the program; it exits with 0, or with 1 where a request went wrong. */
  public static void main(String[] args) {
    Program.runAndExit(new NeighboursCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Plan base = quick ? Plan.QUICK : Plan.FULL;
    Plan plan = base.with(rounds == null ? base.rounds() : rounds, workers, millis);
    Cores cores = Cores.ofThisMachine();
    cores.pinThisProcess();
    Report report = measure(plan, cores);
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
    return 0;
  }

  private static Report measure(Plan plan, Cores cores) throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-neighbours");
    int upstreamPort = Child.freePort();
    try (Child upstream =
            BusyUpstream.inOwnProcess(
                cores, upstreamPort, plan.workers(), plan.meanMillis(), folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed =
            SyntheticFeed.start(
                new SyntheticTenants(2),
                upstreamPort,
                Policy.objects(upstreamPort, plan.workers()))) {
      upstream.awaitPort(upstreamPort);
      Stage stage = new Stage(folder, cores, upstreamPort, feed.url(), redis.url());
      try (GatewayProcess gateway = GatewayProcess.start(stage, Stage.JVM_OPTIONS)) {
        gateway.awaitReady();
        double loadBefore = LoadAverage.now();
        Rounds measured = run(new Neighbourhood(gateway, plan), plan.rounds());
        return Report.of(measured, plan, cores.pins(), LoadAverage.since(loadBefore));
      }
    }
  }

  /** The order turns from round to round, so that nothing always follows the same. */
  private static Rounds run(Neighbourhood neighbourhood, int count)
      throws IOException, InterruptedException {
    System.err.println("warming up");
    if (!neighbourhood.warmUp(WARM_UP_LIMIT)) {
      System.err.println("the gateway is not warm yet: it will look slower than it is");
    }
    Rounds rounds = new Rounds();
    for (int round = 0; round < count; round++) {
      System.err.println("round " + (round + 1) + " of " + count);
      for (int i = 0; i < SITUATIONS.size(); i++) {
        Situation situation = SITUATIONS.get((round + i) % SITUATIONS.size());
        rounds.add(situation, neighbourhood.measure(situation, round + 1));
      }
    }
    return rounds;
  }
}
