package dev.gatehouse.deploy.demo;

import dev.gatehouse.backends.BackendException;
import dev.gatehouse.backends.ChildProcess;
import dev.gatehouse.backends.DirectoryLock;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.deploy.demo.DemoFile.Content;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * The demo's supervisor: starts every part, makes the tenants, tells about them and waits until it
 * is closed. A part that dies meanwhile is reported; the others go on.
 */
public final class Demo implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Path dataDirectory;
  private final DemoPorts wanted;
  private final PrintStream out;
  private final DemoFile demoFile;
  private final Parts parts = new Parts();
  private final Map<String, Long> processes = new LinkedHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param dataDirectory where everything is kept; absolute
   * @param ports where to listen
   * @param out for people
   */
  public Demo(Path dataDirectory, DemoPorts ports, PrintStream out) {
    this.dataDirectory = dataDirectory;
    this.wanted = ports;
    this.out = out;
    this.demoFile = new DemoFile(dataDirectory);
  }

  /**
   * Starts everything and returns when the demo has been closed.
   *
   * @throws BackendException if PostgreSQL or Redis cannot start, the directory is in use or the
   *     disk full
   * @throws DemoException if another part cannot start
   */
  public void run() throws InterruptedException {
    try {
      start();
    } catch (IOException e) {
      failed(BackendException.fromIo("The demo", dataDirectory, e));
    } catch (RuntimeException e) {
      failed(e);
    }
    closed.await();
  }

  /** Stops every part, the last started first, and removes {@code demo.json}. Idempotent. */
  @Override
  public void close() {
    if (!parts.isStopping()) {
      out.println("Stopping.");
    }
    stop();
  }

  /** What fails because the demo is being stopped is no fault. */
  private void failed(RuntimeException fault) {
    if (!parts.isStopping()) {
      stop();
      throw fault;
    }
  }

  private void stop() {
    if (parts.beginStop()) {
      parts.stopAll();
      closed.countDown();
    }
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start() throws IOException, InterruptedException {
    Progress progress = new Progress(out);
    parts.keep(DirectoryLock.take(dataDirectory));
    demoFile.awaitEndOfEarlierDemo();
    DemoPorts ports = wanted.resolved();
    DemoSecrets secrets = DemoSecrets.readOrCreate(dataDirectory);
    new ConfigFiles(dataDirectory).write(ports);
    Files.createDirectories(dataDirectory.resolve("logs"));
    out.println("Starting the demo in " + dataDirectory);

    startBackends(ports, secrets, progress);
    startPrograms(ports, secrets, progress);
    DemoUrls urls = new DemoUrls(ports);
    List<DemoTenant> tenants = sow(ports, urls, secrets);
    Readiness.awaitTenant(ports.gateway(), tenants.getFirst());
    progress.done("three tenants", urls.controlPlane() + "/v1/tenants");
    demoFile.write(
        new Content(
            urls.gateway(),
            urls.gatewayAdmin(),
            urls.controlPlane(),
            secrets.operatorToken(),
            tenants,
            urls.jwks(),
            processes));
    parts.keep(demoFile::delete);
    new Welcome(out, dataDirectory, urls).print(secrets.operatorToken(), tenants);
  }

  private static List<DemoTenant> sow(DemoPorts ports, DemoUrls urls, DemoSecrets secrets)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
      ControlPlaneClient api =
          new ControlPlaneClient(http, urls.controlPlane(), secrets.operatorToken());
      return new Seed(api, urls, secrets).sow(ports);
    }
  }

  private void startBackends(DemoPorts ports, DemoSecrets secrets, Progress progress)
      throws IOException {
    EmbeddedPostgres postgres =
        parts.keep(EmbeddedPostgres.start(dataDirectory.resolve("postgres"), ports.postgres()));
    secrets.put(DemoSecrets.DATABASE_URL, postgres.url());
    watch("postgres", postgres.pid(), postgres.onExit());
    progress.done("PostgreSQL", "127.0.0.1:" + postgres.port());

    EmbeddedRedis redis =
        parts.keep(EmbeddedRedis.start(dataDirectory.resolve("redis"), ports.redis()));
    secrets.put(DemoSecrets.REDIS_URL, redis.url());
    watch("redis", redis.pid(), redis.onExit());
    progress.done("Redis", "127.0.0.1:" + redis.port());
  }

  private void startPrograms(DemoPorts ports, DemoSecrets secrets, Progress progress)
      throws InterruptedException {
    DemoUrls urls = new DemoUrls(ports);
    ConfigFiles configs = new ConfigFiles(dataDirectory);
    JavaProgram java = new JavaProgram(dataDirectory, secrets.environment());

    ChildProcess controlPlane =
        parts.keep(
            java.start("256m", "control-plane", "--config", configs.controlPlane().toString()));
    ChildProcess sampleApp =
        parts.keep(
            java.start(
                "128m",
                "sample-app",
                "--port=" + ports.sample(),
                "--jwks=" + urls.jwks(),
                "--service=" + Seed.SERVICE));
    awaitReady("control-plane", controlPlane, ports.controlPlane(), "/readyz", java);
    watch("controlPlane", controlPlane.pid(), controlPlane.onExit());
    progress.done("control plane", urls.controlPlane());

    ChildProcess gateway =
        parts.keep(java.start("512m", "gateway", "--config", configs.gateway().toString()));
    awaitReady("sample-app", sampleApp, ports.sample(), "/healthz", java);
    watch("sampleApp", sampleApp.pid(), sampleApp.onExit());
    progress.done("sample app", urls.sampleApp());

    awaitReady("gateway", gateway, ports.admin(), "/readyz", java);
    watch("gateway", gateway.pid(), gateway.onExit());
    progress.done("gateway", urls.gateway());
  }

  private static void awaitReady(
      String command, ChildProcess child, int port, String path, JavaProgram java)
      throws InterruptedException {
    if (!Readiness.await(port, path, child::isAlive)) {
      List<String> lastLines = child.lastLines();
      throw new DemoException(
          "The %s ended before it was ready: %s (its log: %s)"
              .formatted(
                  command,
                  lastLines.isEmpty() ? "without a word" : lastLines.getLast(),
                  java.log(command)));
    }
  }

  private void watch(String part, long pid, CompletableFuture<Integer> exit) {
    processes.put(part, pid);
    var _ =
        exit.thenAccept(code -> {
          if (!parts.isStopping()) {
            out.printf("%s (process %d) ended with code %d; the others go on.%n", part, pid, code);
          }
        });
  }
}
