package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.deploy.endtoend.RawHttp.Answer;
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

/** A tenant in Europe, from the command line to two gateways, of which one stands in America. */
@Timeout(180)
class ResidencyIT {
  private static final String HOST = "acme.example.test";

  @TempDir private Path scratch;

  @Test
  void isServedInItsRegionAndFromWhereItAllows() throws Exception {
    HttpServer inEurope = application("europe");
    HttpServer inAmerica = application("america");
    try (InstalledParts parts = new InstalledParts(scratch)) {
      int european = InstalledParts.freePort();
      int american = InstalledParts.freePort();
      int refusing = InstalledParts.freePort();
      int admin = InstalledParts.freePort();
      String passesOn =
          "residency: {region: us, elsewhere: forward, gateways: {eu: \"http://127.0.0.1:%d\"}}"
              .formatted(european);
      Process first = parts.startGateway("eu", european, admin, "residency: {region: eu}");
      Process second = parts.startGateway("us", american, 0, passesOn);
      Process third = parts.startGateway("us-2", refusing, 0, "residency: {region: us}");
      try {
        parts.post(
            "/v1/services",
            """
            {"name": "app", "endpoints": [
              {"host": "127.0.0.1", "port": %d, "region": "eu"},
              {"host": "127.0.0.1", "port": %d, "region": "us"}]}
            """
                .formatted(inEurope.getAddress().getPort(), inAmerica.getAddress().getPort()));
        parts.post("/v1/routes", "{\"pathPrefix\": \"/\", \"service\": \"app\"}");
        parts.command(
            """
            {"slug": "acme", "name": "Acme",
             "config": {"region": "eu", "auth": {"methods": ["anonymous"]}}}
            """,
            "tenant",
            "create",
            "--file",
            "-");
        for (int port : new int[] {european, american}) {
          awaitServed(port);
          for (int i = 0; i < 10; i++) {
            assertThat(get(port).text()).contains("europe");
          }
        }
        awaitStatus(refusing, 421);
        assertThat(get(refusing).text()).contains("\"region\":\"eu\"");

        String shown =
            parts.command(
                "{\"config\": {\"security\": {\"deniedIpRanges\": [\"127.0.0.0/8\"]}}}",
                "tenant",
                "update",
                "acme",
                "--file",
                "-");
        assertThat(shown).contains("127.0.0.0/8");
        assertThat(get(european).status()).isEqualTo(403);
        assertThat(get(european).text()).contains("address-not-allowed");
        assertThat(get(american).status()).isEqualTo(403);

        String adminUrl = "http://127.0.0.1:" + admin;
        assertThat(explained(adminUrl, "127.0.0.9")).contains("=> refused with 403");
        assertThat(explained(adminUrl, "192.0.2.1"))
            .contains("1 of 2 addresses")
            .contains("outside of the tenant's region eu")
            .contains("=> forwarded");
      } finally {
        for (Process gateway : new Process[] {first, second, third}) {
          gateway.destroy();
        }
        for (Process gateway : new Process[] {first, second, third}) {
          assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
      }
    } finally {
      inEurope.stop(0);
      inAmerica.stop(0);
    }
  }

  private String explained(String admin, String client) throws Exception {
    return Launcher.run(
            scratch, "explain", "http://" + HOST + "/", "--client", client, "--admin", admin)
        .output();
  }

  private static Answer get(int port) throws IOException {
    return new RawHttp(port).get(HOST, "/", "");
  }

  private static void awaitServed(int port) {
    awaitStatus(port, 200);
  }

  /** The test's time limit ends the wait. */
  private static void awaitStatus(int port, int status) {
    while (true) {
      try {
        if (get(port).status() == status) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static HttpServer application(String where) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = where.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
