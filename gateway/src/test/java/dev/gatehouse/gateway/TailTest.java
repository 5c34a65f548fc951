package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.observe.MetricsConfig;
import dev.gatehouse.gateway.observe.ObserveConfig;
import dev.gatehouse.gateway.observe.tail.TailConfig;
import dev.gatehouse.gateway.observe.trace.TracingConfig;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The live access log at the admin port. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TailTest {
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    // Not even logged: whoever listens hears of requests all the same.
    platform =
        new Platform(c ->
            c.with(
                new ObserveConfig(
                    false,
                    false,
                    MetricsConfig.DEFAULT,
                    TracingConfig.DEFAULT,
                    Optional.empty(),
                    new TailConfig(2, 10))));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private int ask(TestTenant tenant, String... more) throws Exception {
    String[] lines = new String[more.length + 2];
    lines[0] = "GET /x HTTP/1.1";
    lines[1] = "Host: " + tenant.host();
    System.arraycopy(more, 0, lines, 2, more.length);
    return RawClient.send(platform.gateway.httpPort(), lines).status();
  }

  private static String key(TestTenant tenant) {
    return "X-API-Key: " + tenant.key().reveal();
  }

  private void awaitListeners(int count) throws Exception {
    Eventually.holds(() -> platform.metrics().contains("gatehouse_tail_listeners " + count + ".0"));
  }

  @Test
  void tellsOfTheRequestsOfOneTenantAsTheyEnd() throws Exception {
    TestTenant one = platform.tenant();
    TestTenant other = platform.tenant();
    try (Ear ear = new Ear("?tenant=" + one.edge().slug())) {
      ask(other, key(other));
      ask(one, key(one));
      ask(one);

      assertThat(ear.next().getInteger("status")).isEqualTo(200);
      JsonObject second = ear.next();
      assertThat(second.getString("refusal")).isEqualTo("unauthenticated");
      assertThat(second.getString("tenant")).isEqualTo(one.edge().slug().value());
      assertThat(second.getJsonObject("stageMicros").isEmpty()).isFalse();
    }
    awaitListeners(0);
  }

  @Test
  void choosesByStatusAndService() throws Exception {
    TestTenant tenant = platform.tenant();
    try (Ear refused = new Ear("?status=4xx&tenant=" + tenant.edge().id());
        Ear app = new Ear("?service=app&status=200&tenant=" + tenant.edge().id())) {
      ask(tenant);
      ask(tenant, key(tenant));

      assertThat(refused.next().getInteger("status")).isEqualTo(401);
      assertThat(app.next().getInteger("status")).isEqualTo(200);
    }
    awaitListeners(0);
  }

  @Test
  void saysHowManyItDroppedForWhoIsTooSlow() throws Exception {
    TestTenant tenant = platform.tenant();
    try (Ear ear = new Ear("?tenant=" + tenant.edge().slug());
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      // More at once than its queue takes: all of them end between two looks at it.
      String one = "GET /x HTTP/1.1\r\nHost: " + tenant.host() + "\r\n\r\n";
      boolean dropped = false;
      while (!dropped) {
        client.write(one.repeat(40));
        for (int i = 0; i < 40; i++) {
          client.read();
        }
        dropped =
            platform
                .metrics()
                .lines()
                .anyMatch(line ->
                    line.startsWith("gatehouse_tail_dropped_total ") && !line.endsWith(" 0.0"));
      }
      JsonObject line = ear.next();
      while (!line.containsKey("dropped")) {
        line = ear.next();
      }
      assertThat(line.getInteger("dropped")).isPositive();
    }
    awaitListeners(0);
  }

  @Test
  void refusesOneListenerMoreThanMayBe() throws Exception {
    try (Ear _ = new Ear("");
        Ear _ = new Ear("")) {
      assertThat(statusOf("/tail")).isEqualTo(503);
    }
    awaitListeners(0);
  }

  @Test
  void refusesWhatNobodyCanAskFor() throws Exception {
    assertThat(statusOf("/tail?status=9xx")).isEqualTo(400);
    assertThat(statusOf("/tail?tenants=x")).isEqualTo(400);
  }

  @Test
  void refusesPagesInABrowser() throws Exception {
    assertThat(
            RawClient.send(
                    platform.gateway.adminPort(),
                    "GET /tail HTTP/1.1",
                    "Host: localhost",
                    "Sec-Fetch-Site: cross-site")
                .status())
        .isEqualTo(403);
  }

  private int statusOf(String target) throws IOException {
    return RawClient.send(
            platform.gateway.adminPort(), "GET " + target + " HTTP/1.1", "Host: localhost")
        .status();
  }

  /** One who listens, from when it is made. */
  private final class Ear implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Ear(String query) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), platform.gateway.adminPort());
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("GET /tail" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(in.readLine()).startsWith("HTTP/1.1 200");
      // The first chunk says that it is heard from here on.
      for (String line = in.readLine(); !line.equals("1"); line = in.readLine()) {
        assertThat(line).isNotNull();
      }
    }

    JsonObject next() throws IOException {
      String line = in.readLine();
      // Between the lines are the sizes of the chunks.
      while (!line.startsWith("{")) {
        line = in.readLine();
      }
      return new JsonObject(line);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
