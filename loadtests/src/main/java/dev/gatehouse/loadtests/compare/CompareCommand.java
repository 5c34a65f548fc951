package dev.gatehouse.loadtests.compare;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.contender.Contenders;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Compares Gatehouse with other proxies on the same work, side by side.")
public final class CompareCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Five short rounds; ends within two minutes.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results as JSON, too.")
  private @Nullable Path json;

  @Option(names = "--rounds", paramLabel = "N", description = "How many rounds.")
  private @Nullable Integer rounds;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these: gatehouse, vertx-http-proxy, nginx, haproxy.")
  private List<String> only = Contenders.names();

  /** Runs the program; it exits with 0, or with 1 where a contender failed. */
  public static void main(String[] args) {
    Program.runAndExit(new CompareCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = quick ? Plan.QUICK : Plan.FULL;
    if (rounds != null) {
      plan = plan.withRounds(rounds);
    }
    Cores cores = Cores.ofThisMachine();
    cores.pinThisProcess();
    Report report = compare(plan, cores);
    System.out.println();
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
    return 0;
  }

  private Report compare(Plan plan, Cores cores) throws Exception {
    SyntheticTenants tenants = new SyntheticTenants(plan.tenants());
    Path folder = Files.createTempDirectory("gatehouse-compare");
    int upstreamPort = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(cores, upstreamPort, folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed = SyntheticFeed.start(tenants, upstreamPort)) {
      upstream.awaitPort(upstreamPort);
      Stage stage = new Stage(folder, cores, upstreamPort, feed.url(), redis.url());
      try (Contenders contenders = Contenders.start(stage, only, CompareCommand::say)) {
        WorkProof proof = new WorkProof(tenants, feed.jwks());
        for (RunningContender contender : contenders.running()) {
          say(proof.prove(contender));
        }
        Requests requests = Requests.of(tenants.requests());
        Rounds measured =
            new Comparison(plan, requests, CompareCommand::say).run(contenders.running());
        return Report.of(measured, plan, cores.pins());
      }
    }
  }

  private static void say(String word) {
    System.err.println(word);
  }
}
