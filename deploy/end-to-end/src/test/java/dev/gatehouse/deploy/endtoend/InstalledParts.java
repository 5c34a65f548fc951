package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs alone, as an operator installs them: a PostgreSQL, a control plane, gateways. */
final class InstalledParts implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path scratch;
  private final EmbeddedPostgres postgres;
  private final Process controlPlane;
  private final int controlPlanePort = freePort();
  private final String operatorToken;
  private final String gatewayToken;

  /** Starts the control plane on a fresh database. */
  InstalledParts(Path scratch) throws Exception {
    this.scratch = scratch;
    postgres = EmbeddedPostgres.start(scratch.resolve("postgres"), 0);
    controlPlane =
        start(
            "control-plane",
            "control-plane",
            """
            http: {port: %d}
            database: {url: "%s"}
            baseDomain: example.test
            masterKey: %s
            bootstrap: {operatorToken: "${NOT_SET:}"}
            """
                .formatted(
                    controlPlanePort,
                    postgres.url(),
                    Base64.getEncoder().encodeToString(new byte[32])));
    operatorToken = awaitPrinted("control-plane", controlPlane, "gho_\\S+");
    gatewayToken = awaitPrinted("control-plane", controlPlane, "ghg_\\S+");
    awaitReady(controlPlanePort);
  }

  /** Starts a gateway; it need not be ready yet. */
  Process startGateway(String name, int port, int adminPort, String settings) throws IOException {
    return start(
        "gateway",
        name,
        """
        name: %s
        http: {host: 127.0.0.1, port: %d}
        admin: {port: %d}
        baseDomain: example.test
        feed: {url: "http://127.0.0.1:%d", token: %s}
        snapshot: {file: "%s"}
        %s
        """
            .formatted(
                name,
                port,
                adminPort,
                controlPlanePort,
                gatewayToken,
                scratch.resolve(name + ".snapshot"),
                settings));
  }

  private Process start(String command, String name, String config) throws IOException {
    Path file = Files.writeString(scratch.resolve(name + ".yaml"), config);
    return Launcher.command(command, "--config", file.toString())
        .redirectOutput(ProcessBuilder.Redirect.appendTo(scratch.resolve(name + ".out").toFile()))
        .start();
  }

  String controlPlaneUrl() {
    return "http://127.0.0.1:" + controlPlanePort;
  }

  /** What a part has printed so far. */
  String output(String name) throws IOException {
    return Files.readString(scratch.resolve(name + ".out"));
  }

  private String awaitPrinted(String name, Process process, String pattern) throws IOException {
    while (true) {
      Matcher printed = Pattern.compile(pattern).matcher(output(name));
      if (printed.find()) {
        return printed.group();
      }
      assertThat(process.isAlive()).as(output(name)).isTrue();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** The test's time limit ends the wait. */
  void awaitReady(int port) throws InterruptedException {
    while (!isReady(port)) {
      Thread.sleep(50);
    }
  }

  /** What a load balancer asks, at a gateway's admin port. */
  boolean isReady(int port) throws InterruptedException {
    try {
      URI readiness = URI.create("http://127.0.0.1:" + port + "/readyz");
      return http.send(
                  HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Creates something; done when the gateways have it. */
  String post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, "application/json", body, 201);
  }

  /** Changes something by a merge patch, without waiting for the gateways. */
  String patch(String path, String body) throws IOException, InterruptedException {
    return send("PATCH", path, "application/merge-patch+json", body, 200);
  }

  private String send(String method, String path, String type, String body, int wanted)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPlanePort + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + operatorToken)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body));
    if (method.equals("POST")) {
      request.header("Prefer", "wait=10");
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(wanted);
    return response.body();
  }

  /** Runs {@code gatehouse NOUN VERB …} as the operator, with something as its standard input. */
  String command(String input, String... arguments) throws IOException, InterruptedException {
    Path given = Files.writeString(scratch.resolve("input-" + System.nanoTime()), input);
    ProcessBuilder command = Launcher.command(arguments).redirectErrorStream(true);
    command.environment().put("GATEHOUSE_URL", "http://127.0.0.1:" + controlPlanePort);
    command.environment().put("GATEHOUSE_TOKEN", operatorToken);
    Process process = command.redirectInput(given.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** A new key of a tenant's. */
  String apiKey(String tenant) throws IOException, InterruptedException {
    String created =
        post(
            "/v1/tenants/" + tenant + "/api-keys",
            "{\"subject\": \"ci\", \"roles\": [\"member\"]}");
    Matcher secret = Pattern.compile("gh_[0-9a-f]{16}_[A-Za-z0-9_-]{43}").matcher(created);
    assertThat(secret.find()).isTrue();
    return secret.group();
  }

  /** Below those that connections are given, so that none takes it before it is used. */
  static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(27_000, 32_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (BindException _) {
        // Somebody has it: another one.
      }
    }
  }

  @Override
  public void close() {
    controlPlane.destroy();
    controlPlane.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    postgres.close();
    http.close();
  }
}
