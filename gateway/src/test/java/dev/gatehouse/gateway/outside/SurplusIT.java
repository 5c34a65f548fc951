package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.outside.FaultyUpstream.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an upstream sends after the end of its answer is nobody's: the answer is passed on, the
 * connection is closed, and no other request gets a byte of the rest.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurplusIT {
  private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole";
  private static final String STOLEN = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen";
  private static final int CLIENTS = 8;

  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private static String name() {
    return "surplus-" + UUID.randomUUID();
  }

  private String request(String method, String path) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
        .formatted(method, path, tenant.host(), tenant.key().reveal());
  }

  static Stream<Arguments> answersWithSurplus() {
    List<String> answers =
        List.of(
            WHOLE,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + WHOLE);
    List<String> surplus =
        List.of(
            "x",
            "HTTP/1.1 2",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Stolen: ",
            "HTTP/1.1 103 Early Hints\r\nX-Stolen: ",
            STOLEN);
    return answers.stream()
        .flatMap(answer -> surplus.stream().map(rest -> Arguments.of(answer, rest)));
  }

  @ParameterizedTest
  @MethodSource("answersWithSurplus")
  void closesAConnectionOnWhichMoreThanTheAnswerCame(String answer, String surplus)
      throws Exception {
    assertWholeAndClosed(
        "GET",
        connection -> {
          connection.readHead();
          connection.send(answer + surplus);
          connection.awaitEnd();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "HTTP/1.1 200 OK\r\n", STOLEN})
  void closesAConnectionWhereTheAnswerCameInPieces(String surplus) throws Exception {
    assertWholeAndClosed(
        "GET",
        connection -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Le");
          Thread.yield();
          connection.send("ngth: 5\r\n\r\nwhole" + surplus);
          connection.awaitEnd();
        });
  }

  @Test
  void closesAConnectionOnWhichHeadIsAnsweredWithABody() throws Exception {
    assertWholeAndClosed(
        "HEAD",
        connection -> {
          connection.readHead();
          connection.send(WHOLE);
          connection.awaitEnd();
        });
  }

  /** Twice, to see that the next answer is a proper one, over a connection of its own. */
  private void assertWholeAndClosed(String method, FaultyUpstream.Script script) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(script);
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      String path = platform.route(Services.http1(name(), upstream.port()));
      for (int i = 1; i <= 2; i++) {
        client.write(request(method, path));

        Response response = finalResponse(client, method);

        assertThat(response.status()).isIn(200, 204, 304);
        assertThat(response.body()).isIn("", "whole");
        assertThat(response.header("X-Stolen")).isEmpty();
        upstream.awaitNoneOpen();
        assertThat(upstream.accepted()).isEqualTo(i);
      }
      ForwardGauges.awaitNothingInFlight(platform);
    }
  }

  private static Response finalResponse(RawClient client, String method) throws IOException {
    Response response = method.equals("HEAD") ? client.readHead() : client.read();
    return response.status() == 103 ? finalResponse(client, method) : response;
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "HTTP/1.1 200 OK\r\n", STOLEN})
  void closesAConnectionOnWhichSomethingComesBetweenTwoRequests(String surplus) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (FaultyUpstream upstream =
            new FaultyUpstream(connection -> {
              connection.readHead();
              connection.send(WHOLE);
              await(answered);
              connection.send(surplus);
              connection.awaitEnd();
            });
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(request("GET", platform.route(Services.http1(name(), upstream.port()))));
      assertThat(client.read().body()).isEqualTo("whole");

      answered.countDown();

      upstream.awaitNoneOpen();
    }
  }

  /** The waiting ones get the connection in the very moment in which the answer before ends. */
  @ParameterizedTest
  @ValueSource(strings = {STOLEN, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Stolen: 1\r\n"})
  void givesNoSurplusToARequestThatWaitsForTheConnection(String surplus) throws Exception {
    CountDownLatch allWait = new CountDownLatch(1);
    List<RawClient> clients = new ArrayList<>();
    try (FaultyUpstream upstream =
        new FaultyUpstream(connection -> {
          connection.readHead();
          await(allWait);
          connection.send(WHOLE + surplus);
          answerTheNext(connection);
        })) {
      String path =
          platform.route(
              Services.of(name(), upstream.port(), ",\"concurrency\":{\"maxConnections\":1}"));
      for (int i = 0; i < CLIENTS; i++) {
        RawClient client = new RawClient(platform.gateway.httpPort());
        clients.add(client);
        client.write(request("GET", path));
      }
      ForwardGauges.awaitInFlight(platform, CLIENTS);

      allWait.countDown();

      for (RawClient client : clients) {
        Response response = client.read();
        assertThat(response.body()).isEqualTo("whole");
        assertThat(response.header("X-Stolen")).isEmpty();
      }
      upstream.awaitNoneOpen();
      assertThat(upstream.accepted()).isEqualTo(CLIENTS);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void answerTheNext(Connection connection) throws IOException {
    connection.readHead();
    connection.send(WHOLE);
    connection.awaitEnd();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
