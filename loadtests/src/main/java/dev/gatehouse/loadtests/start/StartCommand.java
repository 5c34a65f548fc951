package dev.gatehouse.loadtests.start;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.contender.Stage;
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
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/start}. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description =
        "Measures a gateway's cold start and the heap that a tenant takes there. The first run"
            + " after a build has no class archive to start from, the others have that of the first.")
public final class StartCommand implements Callable<Integer> {
  private static final int TENANTS = 10_000;
  private static final int MANY_TENANTS = 100_000;

  @Option(names = "--runs", paramLabel = "N", description = "Cold starts of each kind.")
  private int runs = 5;

  @Option(
      names = "--all-cores",
      description = "Does not keep the gateway, with its compilers, to one core.")
  private boolean allCores;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results as JSON, too.")
  private @Nullable Path json;

  /**
   * What was measured.
   *
   * @param tenants of the cold starts
   * @param fromFeedMillis process start to ready with all tenants, each run
   * @param fromSnapshotMillis the same with neither control plane nor Redis
   */
  record Results(
      int tenants, List<Long> fromFeedMillis, List<Long> fromSnapshotMillis, List<HeapUse> heap) {}

  /**
   * Live heap after a collection.
   *
   * @param idleBytesPerTenant what one tenant adds to a gateway without tenants
   * @param activeBytesPerTenant the same after each tenant made a request
   */
  record HeapUse(int tenants, long idleBytesPerTenant, long activeBytesPerTenant) {}

  /** Runs the program; it exits with 0, or with 1 where a gateway failed. */
  public static void main(String[] args) {
    Program.runAndExit(new StartCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Cores cores = allCores ? Cores.unpinned() : Cores.ofThisMachine();
    cores.pinThisProcess();
    Path folder = Files.createTempDirectory("gatehouse-start");
    int upstreamPort = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(cores, upstreamPort, folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0)) {
      upstream.awaitPort(upstreamPort);
      Stage stage = new Stage(folder, cores, upstreamPort, "http://127.0.0.1:1", redis.url());
      Results results = measure(stage);
      print(results);
      if (json != null) {
        JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValue(json.toFile(), results);
      }
    }
    return 0;
  }

  private Results measure(Stage stage) throws IOException, InterruptedException {
    SyntheticTenants tenants = new SyntheticTenants(TENANTS);
    List<Long> fromFeed = new ArrayList<>();
    List<Long> fromSnapshot = new ArrayList<>();
    try (SyntheticFeed feed = SyntheticFeed.start(tenants, stage.upstreamPort())) {
      for (int run = 0; run < runs; run++) {
        fromFeed.add(new ColdStart(stage.withFeed(feed.url()), tenants).fromFeed().toMillis());
      }
    }
    for (int run = 0; run < runs; run++) {
      fromSnapshot.add(new ColdStart(stage, tenants).fromSnapshot().toMillis());
    }
    ColdStart.Heap none = heapWith(0, stage);
    List<HeapUse> heap = new ArrayList<>();
    for (int count : new int[] {TENANTS, MANY_TENANTS}) {
      ColdStart.Heap used = heapWith(count, stage);
      heap.add(
          new HeapUse(
              count, (used.idle() - none.idle()) / count, (used.active() - none.idle()) / count));
    }
    return new Results(TENANTS, fromFeed, fromSnapshot, heap);
  }

  private static ColdStart.Heap heapWith(int count, Stage stage)
      throws IOException, InterruptedException {
    SyntheticTenants tenants = new SyntheticTenants(count);
    try (SyntheticFeed feed = SyntheticFeed.start(tenants, stage.upstreamPort())) {
      return new ColdStart(stage.withFeed(feed.url()), tenants).heap();
    }
  }

  private static void print(Results results) {
    System.out.printf(
        Locale.ROOT,
        "cold start with %,d tenants, ms: from the feed %s, from the snapshot alone %s%n",
        results.tenants(),
        results.fromFeedMillis(),
        results.fromSnapshotMillis());
    for (HeapUse heap : results.heap()) {
      System.out.printf(
          Locale.ROOT,
          "live heap with %,d tenants, bytes a tenant: %d idle, %d after a request of each%n",
          heap.tenants(),
          heap.idleBytesPerTenant(),
          heap.activeBytesPerTenant());
    }
  }
}
