package dev.gatehouse.loadtests.start;

import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.load.LoadGenerator;
import dev.gatehouse.loadtests.load.LoadResult;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.HeapProbe;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * Starts gateways with a number of tenants and looks at them.
 *
 * @param stage with a feed of these tenants, or of none that can be reached
 */
record ColdStart(Stage stage, SyntheticTenants tenants) {
  /** Room for a hundred thousand tenants, and no more pages than are used. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xmx2g",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseTransparentHugePages",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final int CONNECTIONS = 16;

  /**
   * What a gateway's tenants take of its heap.
   *
   * @param idle live bytes when it is ready
   * @param active live bytes when every tenant has made a request
   */
  record Heap(long idle, long active) {}

  /**
   * From the start of the process to ready with all tenants; then asks for the last of them.
   *
   * @throws IOException if it does not get ready, or does not serve the last tenant
   */
  Duration fromFeed() throws IOException, InterruptedException {
    Files.deleteIfExists(GatewayProcess.snapshotFile(stage));
    return timeToReady();
  }

  /** The same with what the gateway before left on disk. */
  Duration fromSnapshot() throws IOException, InterruptedException {
    if (!Files.exists(GatewayProcess.snapshotFile(stage))) {
      throw new IOException("no snapshot was written to " + GatewayProcess.snapshotFile(stage));
    }
    return timeToReady();
  }

  /** Live heap of a gateway with these tenants, before and after each made a request. */
  Heap heap() throws IOException, InterruptedException {
    Files.deleteIfExists(GatewayProcess.snapshotFile(stage));
    try (GatewayProcess gateway = GatewayProcess.start(stage, JVM_OPTIONS)) {
      gateway.awaitReady();
      long idle = HeapProbe.liveBytes(gateway.process().handle());
      if (tenants.count() > 0) {
        askForEveryTenant(gateway, tenants.requests());
      }
      return new Heap(idle, HeapProbe.liveBytes(gateway.process().handle()));
    }
  }

  private Duration timeToReady() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (GatewayProcess gateway = GatewayProcess.start(stage, Stage.JVM_OPTIONS)) {
      gateway.awaitReady();
      Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
      askForEveryTenant(gateway, tenants.requests().subList(tenants.count() - 1, tenants.count()));
      awaitSnapshot();
      return elapsed;
    }
  }

  private void awaitSnapshot() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!Files.exists(GatewayProcess.snapshotFile(stage)) && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
  }

  private static void askForEveryTenant(GatewayProcess gateway, List<String> requests)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port());
    try (LoadGenerator load =
        LoadGenerator.connect(address, CONNECTIONS, Requests.of(requests), Upstream.BODY_LENGTH)) {
      long answers = 0;
      while (answers < requests.size()) {
        LoadResult result = load.run(Duration.ofMillis(200));
        if (result.wrongAnswers() > 0) {
          throw new IOException(
              "the gateway answers wrong: " + result.firstFault().orElse("unknown"));
        }
        answers += result.answers();
      }
    }
  }
}
