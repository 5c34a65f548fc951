package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.backends.EmbeddedRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two programs alone, against servers of the operator's own, as docs/running.md says. */
@Timeout(240)
class PartsAloneIT {
  private static final String JSON = "application/json";

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path scratch;

  @Test
  void serveAnApplicationFromTheFirstTokensOn() throws Exception {
    HttpServer application = application();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(scratch.resolve("postgres"), 0);
        EmbeddedRedis redis = EmbeddedRedis.start(scratch.resolve("redis"), 0)) {
      int controlPlanePort = freePort();
      int gatewayPort = freePort();
      Process controlPlane =
          start(
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
      try {
        String operator = awaitPrinted("control-plane", controlPlane, "gho_\\S+");
        String gatewayToken = awaitPrinted("control-plane", controlPlane, "ghg_\\S+");
        Process gateway =
            start(
                "gateway",
                """
                http: {host: 127.0.0.1, port: %d}
                admin: {port: 0}
                baseDomain: example.test
                feed: {url: "http://127.0.0.1:%d", token: %s}
                redis: {url: "%s"}
                snapshot: {file: "%s"}
                """
                    .formatted(
                        gatewayPort,
                        controlPlanePort,
                        gatewayToken,
                        redis.url(),
                        scratch.resolve("gateway.snapshot")));
        try {
          String api = "http://127.0.0.1:" + controlPlanePort;
          awaitStatus(200, () -> statusOf(api + "/readyz"));
          int port = application.getAddress().getPort();
          post(
              api + "/v1/services",
              operator,
              "{\"name\": \"app\", \"endpoints\": [{\"host\": \"127.0.0.1\", \"port\": %d, \"tls\": false}]}"
                  .formatted(port));
          post(
              api + "/v1/routes",
              operator,
              "{\"hosts\": \"any\", \"pathPrefix\": \"/\", \"methods\": [], \"service\": \"app\"}");
          post(api + "/v1/tenants", operator, "{\"slug\": \"acme\", \"name\": \"Acme\"}");
          String key =
              post(
                  api + "/v1/tenants/acme/api-keys",
                  operator,
                  "{\"subject\": \"ci\", \"roles\": [\"member\"]}");
          Matcher secret = Pattern.compile("gh_[0-9a-f]{16}_[A-Za-z0-9_-]{43}").matcher(key);
          assertThat(secret.find()).isTrue();

          RawHttp edge = new RawHttp(gatewayPort);
          awaitStatus(
              200,
              () ->
                  edge.get("acme.example.test", "/", "X-API-Key: " + secret.group() + "\r\n")
                      .status());
          assertThat(
                  edge.get("acme.example.test", "/", "X-API-Key: " + secret.group() + "\r\n")
                      .text())
              .contains("tenant acme");
        } finally {
          stop(gateway);
        }
      } finally {
        stop(controlPlane);
      }
    } finally {
      application.stop(0);
    }
  }

  private static HttpServer application() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              ("tenant " + exchange.getRequestHeaders().getFirst("X-Tenant-Slug"))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private Process start(String command, String config) throws IOException {
    Path file = Files.writeString(scratch.resolve(command + ".yaml"), config);
    return Launcher.command(command, "--config", file.toString())
        .redirectOutput(scratch.resolve(command + ".out").toFile())
        .start();
  }

  private String awaitPrinted(String command, Process process, String pattern) throws IOException {
    Path output = scratch.resolve(command + ".out");
    while (true) {
      Matcher printed = Pattern.compile(pattern).matcher(Files.readString(output));
      if (printed.find()) {
        return printed.group();
      }
      assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private String post(String url, String token, String body) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", JSON)
                .header("Prefer", "wait=10")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return response.body();
  }

  private int statusOf(String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .statusCode();
  }

  private interface Status {
    int get() throws Exception;
  }

  /** The test's time limit ends the wait. */
  private static void awaitStatus(int wanted, Status status) {
    while (true) {
      try {
        if (status.get() == wanted) {
          return;
        }
      } catch (Exception _) {
        // Not there yet.
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }
}
