package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.backends.EmbeddedRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two programs alone, against servers of the operator's own, as docs/running.md says. */
@Timeout(240)
class PartsAloneIT {
  @TempDir private Path scratch;

  @Test
  void serveAnApplicationFromTheFirstTokensOn() throws Exception {
    HttpServer application = application();
    try (InstalledParts parts = new InstalledParts(scratch);
        EmbeddedRedis redis = EmbeddedRedis.start(scratch.resolve("redis"), 0)) {
      int port = InstalledParts.freePort();
      Process gateway =
          parts.startGateway("gateway", port, 0, "redis: {url: \"%s\"}".formatted(redis.url()));
      try {
        parts.post(
            "/v1/services",
            "{\"name\": \"app\", \"endpoints\": [{\"host\": \"127.0.0.1\", \"port\": %d, \"tls\": false}]}"
                .formatted(application.getAddress().getPort()));
        parts.post(
            "/v1/routes",
            "{\"hosts\": \"any\", \"pathPrefix\": \"/\", \"methods\": [], \"service\": \"app\"}");
        parts.post("/v1/tenants", "{\"slug\": \"acme\", \"name\": \"Acme\"}");
        String key = "X-API-Key: " + parts.apiKey("acme") + "\r\n";

        RawHttp edge = new RawHttp(port);
        awaitServed(edge, key);
        assertThat(edge.get("acme.example.test", "/", key).text()).contains("tenant acme");
      } finally {
        gateway.destroy();
        assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      application.stop(0);
    }
  }

  /** The test's time limit ends the wait. */
  private static void awaitServed(RawHttp edge, String key) {
    while (true) {
      try {
        if (edge.get("acme.example.test", "/", key).status() == 200) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
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
}
