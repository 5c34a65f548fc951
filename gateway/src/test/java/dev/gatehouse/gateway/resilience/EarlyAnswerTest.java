package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient;
import io.vertx.core.http.HttpServerRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Services that answer before they have the whole request. What is left of it must not be followed
 * by another request on the same connection: the service would take that for the rest of the body.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EarlyAnswerTest {
  private static final String ONE_CONNECTION = ",'concurrency':{'maxConnections':1}";

  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private static void answerAtOnce(HttpServerRequest request, int status, boolean chunked) {
    request.response().setStatusCode(status).setChunked(chunked);
    if (chunked) {
      request.response().write("early");
      request.response().end();
    } else {
      request.response().end("early");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNextRequestGetsAConnectionOfItsOwn(boolean chunked) throws Exception {
    try (Backend service = new Backend(request -> answerAtOnce(request, 200, chunked));
        RawClient client = scene.connect()) {
      String path = scene.service(ONE_CONNECTION, service);
      client.write(scene.lines("POST " + path, "Content-Length: 100") + "only a part");
      assertThat(client.read().body()).isEqualTo("early");

      assertThat(scene.get(path + "/next").body()).isEqualTo("early");

      assertThat(service.connections()).isEqualTo(2);
      assertThat(service.seen().getLast().uri()).isEqualTo(path + "/next");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherAttemptGivesBackTheConnectionOfTheFirst(boolean chunked) throws Exception {
    try (Backend service =
            new Backend(request -> {
              if (request.uri().endsWith("/again") && firstTime()) {
                answerAtOnce(request, 503, chunked);
              } else {
                Backend.answer(request, 200, "whole");
              }
            });
        RawClient client = scene.connect()) {
      asked = 0;
      String path =
          scene.service(ONE_CONNECTION + ",'outlierDetection':{'maxEjectedPercent':0}", service);
      client.write(scene.lines("PUT " + path + "/again", "Content-Length: 11") + "part");
      service.awaitSeen(2);
      client.write(" and rest");
      assertThat(client.read().status()).isEqualTo(200);

      assertThat(scene.get(path).body()).isEqualTo("whole");
    }
  }

  private int asked;

  private boolean firstTime() {
    return asked++ == 0;
  }
}
