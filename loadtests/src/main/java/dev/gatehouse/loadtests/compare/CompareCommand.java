package dev.gatehouse.loadtests.compare;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.contender.BareVertxHttpProxy;
import dev.gatehouse.loadtests.contender.Contender;
import dev.gatehouse.loadtests.contender.GatehouseGateway;
import dev.gatehouse.loadtests.contender.Haproxy;
import dev.gatehouse.loadtests.contender.Nginx;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private static final List<Contender> ALL =
      List.of(new GatehouseGateway(), new BareVertxHttpProxy(), new Nginx(), new Haproxy());

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
  private List<String> only = ALL.stream().map(Contender::name).toList();

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
      List<RunningContender> running = new ArrayList<>();
      try {
        for (Contender contender : ALL) {
          startIfWanted(contender, stage).ifPresent(running::add);
        }
        WorkProof proof = new WorkProof(tenants, feed.jwks());
        for (RunningContender contender : running) {
          say(proof.prove(contender));
        }
        Requests requests = Requests.of(tenants.requests());
        Rounds measured = new Comparison(plan, requests, CompareCommand::say).run(running);
        return Report.of(measured, plan, cores.pins());
      } finally {
        running.forEach(RunningContender::close);
      }
    }
  }

  private Optional<RunningContender> startIfWanted(Contender contender, Stage stage)
      throws IOException, InterruptedException {
    if (!only.contains(contender.name())) {
      return Optional.empty();
    }
    if (!contender.isInstalled()) {
      say(contender.name() + " is not installed: skipped");
      return Optional.empty();
    }
    say("starting " + contender.name());
    return Optional.of(contender.start(stage));
  }

  private static void say(String word) {
    System.err.println(word);
  }
}
