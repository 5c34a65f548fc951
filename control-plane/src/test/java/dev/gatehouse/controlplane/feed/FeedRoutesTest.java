package dev.gatehouse.controlplane.feed;

import static dev.gatehouse.controlplane.feed.FeedDatabase.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.FeedMessage.Upsert;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FeedRoutesTest {
  private static final FeedConfig IMPATIENT =
      FeedServer.with(Duration.ofMillis(100), Duration.ofMillis(500), 4096, Duration.ofSeconds(10));

  private static FeedDatabase database;
  private static FeedServer server;

  @BeforeAll
  static void start() {
    database = new FeedDatabase();
    server = new FeedServer(database, IMPATIENT);
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"gw\"",
        "{\"gateway\":\"gw\"}",
        "{\"revision\":1}",
        "{\"gateway\":7,\"revision\":1}",
        "{\"gateway\":\"\",\"revision\":1}",
        "{\"gateway\":\"a b\",\"revision\":1}",
        "{\"gateway\":\"gw\",\"revision\":-1}",
        "{\"gateway\":\"gw\",\"revision\":1.5}",
        "{\"gateway\":\"gw\",\"revision\":\"1\"}",
        "{\"gateway\":\"gw\",\"revision\":99999999999999999999}",
        "{\"gateway\":\"gw\",\"revision\":null}"
      })
  void refusesAnAcknowledgementThatSaysNothing(String body) throws Exception {
    HttpResponse<String> answer = server.applied(body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new JsonObject(answer.body()).getString("type"))
        .isEqualTo("https://gatehouse.dev/problems/invalid-body");
  }

  @Test
  void namesTheFaultyMember() throws Exception {
    JsonObject problem =
        new JsonObject(server.applied("{\"gateway\":\"gw\",\"revision\":-1}").body());

    assertThat(problem.getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo("/revision");
  }

  @Test
  void refusesAnAcknowledgementThatIsTooLong() throws Exception {
    assertThat(server.applied(" ".repeat(5000)).statusCode()).isEqualTo(413);
  }

  @Test
  void ignoresMembersThatItDoesNotKnow() throws Exception {
    assertThat(
            server.applied("{\"gateway\":\"newer\",\"revision\":0,\"version\":\"9\"}").statusCode())
        .isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "?gateway=",
    "?gateway=a%20b",
    "?gateway=gw&since=",
    "?gateway=gw&since=-1",
    "?gateway=gw&since=x",
    "?gateway=gw&since=9999999999999999999"
  })
  void refusesAFeedThatCannotBe(String query) throws Exception {
    HttpResponse<String> answer = server.get("/edge/v1/feed" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("type"))
        .isEqualTo("https://gatehouse.dev/problems/invalid-parameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/edge/v1/feed?gateway=gw", "/edge/v1/applied"})
  void letsNobodyInWithoutAuthentication(String path) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (path.endsWith("applied")) {
      request.POST(HttpRequest.BodyPublishers.ofString("{}"));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(401);
    }
  }

  /** Some megabytes, more than the kernel's buffers take. */
  @Test
  void cutsOffAGatewayThatDoesNotReadAndLetsItResume() throws Exception {
    String filler = "x".repeat(200);
    database.inTransaction(tx -> {
      for (int i = 0; i < 100; i++) {
        database.publisher().upsert(tx, service("slow-" + filler + i, 1));
      }
      return 0;
    });
    database.execute(
        """
        INSERT INTO edge_object (kind, key, revision, payload, removed)
        SELECT kind, key || '-' || n, 1000000 + revision * 1000 + n, payload, false
          FROM edge_object, generate_series(1, 500) n WHERE key LIKE 'slow-%'
        """);
    database.execute("UPDATE edge_revision SET revision = 10000000");
    try (FeedServer own = new FeedServer(database, IMPATIENT);
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.setSoTimeout(30_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), own.port()));
      String request =
          "GET /edge/v1/feed?gateway=slow HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n\r\n"
              .formatted(FeedServer.AUTHORIZATION);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');

      awaitNoSessions(own);

      assertThat(bytesUntilTheEnd(socket.getInputStream())).isPositive();
    }
    try (FeedReader again = server.reader("slow", 10_000_000)) {
      long revision = database.upsert(service("after", 1));

      assertThat(again.nextChange()).isEqualTo(new Upsert(revision, service("after", 1)));
    }
  }

  private static void awaitNoSessions(FeedServer server) {
    while (server.feed().sessions() != 0) {
      assertThat(Thread.interrupted()).as("the test took too long").isFalse();
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static long bytesUntilTheEnd(InputStream in) {
    long total = 0;
    byte[] buffer = new byte[65536];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
      }
    } catch (java.io.IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return total;
  }
}
