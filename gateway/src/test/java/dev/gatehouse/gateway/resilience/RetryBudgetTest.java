package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A service that fails gets little more load than before. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetryBudgetTest {
  private static final String NEVER_OUT = ",'outlierDetection':{'maxEjectedPercent':0}";

  /** Free of charge in ten seconds, on the only event loop of the scene. */
  private static final int FREE = 100;

  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  @Test
  void aStormOfFailuresIsNotMultiplied() throws Exception {
    int requests = 300;
    try (Backend a = Backend.answering(503, "no");
        Backend b = Backend.answering(503, "no");
        RawClient client = scene.connect()) {
      String path = scene.service(",'retries':{'attempts':5}" + NEVER_OUT, a, b);
      long start = System.nanoTime();
      for (int i = 0; i < requests; i++) {
        client.write(scene.lines("GET " + path));
        assertThat(client.read().status()).isEqualTo(503);
      }

      int windows = 1 + (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) / 10;
      assertThat(a.seen().size() + b.seen().size() - requests)
          .as("retries of %s requests, in %s times ten seconds", requests, windows)
          .isBetween(FREE, requests / 5 + 1 + windows * FREE);
    }
  }

  @Test
  void aPostThatAServiceMayHaveSeenIsNeverSentAgain() throws Exception {
    try (Backend failing = Backend.answering(503, "no");
        Backend cutting = new Backend(RetryBudgetTest::cut)) {
      String refused = scene.service(",'retries':{'attempts':5}" + NEVER_OUT, failing);
      String cut = scene.service(",'retries':{'attempts':5}" + NEVER_OUT, cutting);

      assertThat(scene.send(scene.tenant, "POST " + refused).status()).isEqualTo(503);
      assertThat(scene.send(scene.tenant, "POST " + cut).status()).isEqualTo(502);

      assertThat(failing.seen()).hasSize(1);
      assertThat(cutting.seen()).hasSize(1);
    }
  }

  private static void cut(HttpServerRequest request) {
    request.connection().close();
  }

  @Test
  void aPostThatReachedNobodyIsSentElsewhere() throws Exception {
    Backend gone = Backend.silent();
    int port = gone.port();
    gone.close();
    try (Backend there = Backend.answering(200, "there")) {
      String path =
          scene.serviceAt(
              "s-" + System.nanoTime(),
              "[" + Scene.endpoint(port, "") + "," + Scene.endpoint(there.port(), "") + "]",
              NEVER_OUT);

      for (int i = 0; i < 4; i++) {
        assertThat(scene.send(scene.tenant, "POST " + path).body()).isEqualTo("there");
      }
      assertThat(there.seen()).hasSize(4);
    }
  }
}
