package dev.gatehouse.loadtests.latency;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.compare.WorkProof;
import dev.gatehouse.loadtests.contender.Contenders;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.LoadAverage;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
public final class LatencyCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Five short rounds; ends within two minutes.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results as JSON, too.")
  private @Nullable Path json;

  @Option(names = "--rounds", paramLabel = "N", description = "How many rounds.")
  private @Nullable Integer rounds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second, instead of half of what the slowest can serve.")
  private @Nullable Double rate;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these: gatehouse, vertx-http-proxy, nginx, haproxy.")
  private List<String> only = Contenders.names();

  /** Runs the program; it exits with 0, or with 1 where a contender failed. */
  public static void main(String[] args) {
    Program.runAndExit(new LatencyCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = quick ? Plan.QUICK : Plan.FULL;
    if (rounds != null) {
      plan = plan.withRounds(rounds);
    }
    Cores cores = Cores.ofThisMachine();
    cores.pinThisProcess();
    Report report = measure(plan, cores);
    System.out.println();
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
    return 0;
  }

  private Report measure(Plan plan, Cores cores) throws Exception {
    SyntheticTenants tenants = new SyntheticTenants(plan.tenants());
    Path folder = Files.createTempDirectory("gatehouse-latency");
    int upstreamPort = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(cores, upstreamPort, folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed = SyntheticFeed.start(tenants, upstreamPort)) {
      upstream.awaitPort(upstreamPort);
      Stage stage = new Stage(folder, cores, upstreamPort, feed.url(), redis.url());
      try (Contenders contenders = Contenders.start(stage, only, LatencyCommand::say)) {
        prove(new WorkProof(tenants, feed.jwks()), contenders.running());
        List<RunningContender> all = new ArrayList<>(contenders.running());
        all.addFirst(Direct.of(upstream, upstreamPort));
        double loadBefore = LoadAverage.now();
        HalfLoad load = new HalfLoad(plan, Requests.of(tenants.requests()), LatencyCommand::say);
        double half = load.half(all);
        double perSecond = rate == null ? half : rate;
        Rounds measured = load.run(all, perSecond);
        return Report.of(measured, plan, perSecond, cores.pins(), LoadAverage.since(loadBefore));
      }
    }
  }

  private static void prove(WorkProof proof, List<RunningContender> contenders) throws IOException {
    for (RunningContender contender : contenders) {
      say(proof.prove(contender));
    }
  }

  private static void say(String word) {
    System.err.println(word);
  }
}
