package dev.gatehouse.loadtests.contender;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Programs;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A gateway in a process of its own, started as an operator does, with every stage on and the
 * access log off.
 *
 * @param port its HTTP port on loopback
 * @param adminPort its admin port on loopback
 */
public record GatewayProcess(Child process, int port, int adminPort) implements AutoCloseable {
  /** One for all: it also seals the snapshot that the next gateway reads. */
  private static final SecretToken FEED_TOKEN = SecretToken.generate(SecretToken.Kind.GATEWAY);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Starts one; it may not be ready yet.
   *
   * @param jvmOptions of its JVM, beside those that the distribution gives it
   */
  public static GatewayProcess start(Stage stage, List<String> jvmOptions) throws IOException {
    return start(stage, jvmOptions, "");
  }

  /**
   * The same with more in its configuration file.
   *
   * @param more sections that are not there otherwise, in YAML
   */
  public static GatewayProcess start(Stage stage, List<String> jvmOptions, String more)
      throws IOException {
    int port = Child.freePort();
    int adminPort = Child.freePort();
    Path configuration = stage.write("gateway.yaml", configuration(stage, port, adminPort) + more);
    List<String> command =
        Programs.gatehouse(jvmOptions, "gateway", "--config", configuration.toString());
    Child child =
        Child.start(stage.cores().forProxy(command), stage.folder().resolve("gatehouse.log"));
    return new GatewayProcess(child, port, adminPort);
  }

  /** Where the gateway of this stage keeps its snapshot. */
  public static Path snapshotFile(Stage stage) {
    return stage.folder().resolve("snapshot");
  }

  /**
   * Waits until it has all tenants.
   *
   * @throws IOException if it ended or takes longer than a minute; with the end of its log
   */
  public void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    process.awaitPort(adminPort);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest readiness =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/readyz")).build();
      while (client.send(readiness, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the gateway does not get ready:\n" + process.endOfLog());
        }
        Thread.sleep(5);
      }
    }
  }

  @Override
  public void close() {
    process.close();
  }

  private static String configuration(Stage stage, int port, int adminPort) {
    return """
    name: loadtest
    http:
      host: 127.0.0.1
      port: %d
    admin:
      host: 127.0.0.1
      port: %d
    baseDomain: %s
    feed:
      url: %s
      token: %s
    redis:
      url: %s
    snapshot:
      file: %s
    eventLoops: 1
    observe:
      accessLog: false
    """
        .formatted(
            port,
            adminPort,
            SyntheticTenants.BASE_DOMAIN,
            stage.feedUrl(),
            FEED_TOKEN.reveal(),
            stage.redisUrl(),
            snapshotFile(stage));
  }
}
