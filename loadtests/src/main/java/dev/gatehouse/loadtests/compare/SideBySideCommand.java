package dev.gatehouse.loadtests.compare;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.contender.Contenders;
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
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What the programs have in common that measure Gatehouse beside other proxies: their options, one
 * upstream for all, and the proof that each does the same work.
 *
 * @param <P> what is to be measured
 */
public abstract class SideBySideCommand<P> implements Callable<Integer> {
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
      description =
          "Only these: gatehouse, vertx-http-proxy, nginx, haproxy; also gatehouse-sampled and"
              + " gatehouse-traced, which send one request of 100, or all, to a collector.")
  private List<String> only = Contenders.names();

  /** What is to be measured, in few short rounds or in full. */
  protected abstract P plan(boolean inBrief);

  /** The same in so many rounds. */
  protected abstract P withRounds(P plan, int wanted);

  /** Whose hosts are asked for in rotation. */
  protected abstract int tenants(P plan);

  /** Measures those that run. */
  protected abstract Findings measure(P plan, Field field) throws Exception;

  @Override
  public final Integer call() throws Exception {
    P plan = rounds == null ? plan(quick) : withRounds(plan(quick), rounds);
    Cores cores = Cores.ofThisMachine();
    cores.pinThisProcess();
    Findings findings = measureOn(cores, plan);
    System.out.println();
    System.out.print(findings.table());
    if (json != null) {
      findings.writeJson(json);
    }
    return 0;
  }

  private Findings measureOn(Cores cores, P plan) throws Exception {
    SyntheticTenants tenants = new SyntheticTenants(tenants(plan));
    Path folder = Files.createTempDirectory("gatehouse-side-by-side");
    int upstreamPort = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(cores, upstreamPort, folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed = SyntheticFeed.start(tenants, upstreamPort)) {
      upstream.awaitPort(upstreamPort);
      Stage stage = new Stage(folder, cores, upstreamPort, feed.url(), redis.url());
      try (Contenders contenders = Contenders.start(stage, only, SideBySideCommand::say)) {
        WorkProof proof = new WorkProof(tenants, feed.jwks());
        for (RunningContender contender : contenders.running()) {
          say(proof.prove(contender));
        }
        Requests requests = Requests.of(tenants.requests());
        return measure(
            plan, new Field(upstream, upstreamPort, contenders.running(), requests, cores));
      }
    }
  }

  /** Says how far it is. */
  protected static void say(String word) {
    System.err.println(word);
  }

  /**
   * What there is to be measured.
   *
   * @param upstream behind all of them
   * @param contenders that have proved that they do the work
   * @param requests what they are asked
   * @param cores which of them runs where
   */
  public record Field(
      Child upstream,
      int upstreamPort,
      List<RunningContender> contenders,
      Requests requests,
      Cores cores) {}

  /** What was found. */
  public interface Findings {
    /** One line a contender. */
    String table();

    void writeJson(Path file) throws IOException;
  }
}
