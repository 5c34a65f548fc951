package dev.gatehouse.loadtests.transfer;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.JvmMemory;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes every {@link Scenario} through a gateway in a process of its own.
 *
 * @param folder for logs and the file that is sent
 * @param bytes of each body
 * @param jvmOptions of the gateway's JVM, which bound its memory
 */
record Transfers(Path folder, long bytes, List<String> jvmOptions) {
  private static final long WARM_UP_BYTES = 16 << 20;

  /**
   * What one transfer took.
   *
   * @param before of the gateway, at rest
   * @param after of the gateway, at rest
   * @param peakResidentBytes the most memory that was in RAM at any time of the transfer
   */
  record Result(
      String name, Duration time, JvmMemory before, JvmMemory after, long peakResidentBytes) {
    /** What the peak was above the rest before. */
    long extraBytes() {
      return Math.max(0, peakResidentBytes - before.residentBytes());
    }
  }

  /**
   * Runs all of them, one after the other.
   *
   * @throws IOException if a body did not arrive whole
   */
  List<Result> run() throws IOException, InterruptedException {
    SyntheticTenants tenants = new SyntheticTenants(1);
    try (BulkServer upstream = BulkServer.start();
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed = SyntheticFeed.start(tenants, upstream.port())) {
      Stage stage =
          new Stage(folder, Cores.ofThisMachine(), upstream.port(), feed.url(), redis.url());
      try (GatewayProcess gateway = GatewayProcess.start(stage, jvmOptions)) {
        gateway.awaitReady();
        return runThrough(gateway);
      }
    }
  }

  private List<Result> runThrough(GatewayProcess gateway) throws IOException, InterruptedException {
    Path small = sparseFile("warm-up", WARM_UP_BYTES);
    for (Scenario scenario : Scenario.all()) {
      scenario.run(gateway.port(), small, WARM_UP_BYTES);
    }
    Path large = sparseFile("body", bytes);
    List<Result> results = new ArrayList<>();
    for (Scenario scenario : Scenario.all()) {
      results.add(measure(scenario, gateway, large));
    }
    return results;
  }

  private Result measure(Scenario scenario, GatewayProcess gateway, Path file)
      throws IOException, InterruptedException {
    ProcessHandle jvm = gateway.process().handle();
    JvmMemory before = JvmMemory.of(jvm);
    JvmMemory.forgetPeak(jvm);
    long start = System.nanoTime();
    scenario.run(gateway.port(), file, bytes);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    long peak = JvmMemory.peakResidentBytes(jvm);
    return new Result(scenario.name(), time, before, JvmMemory.of(jvm), peak);
  }

  private Path sparseFile(String name, long length) throws IOException {
    Path path = folder.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
    return path;
  }
}
