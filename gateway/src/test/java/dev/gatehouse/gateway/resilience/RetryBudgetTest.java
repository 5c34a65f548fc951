package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that fails gets little more load than before. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetryBudgetTest {
  private static final String NEVER_OUT = ",'outlierDetection':{'maxEjectedPercent':0}";

  private static final int REQUESTS = 300;

  /** So many that each has the smallest share of what is free of charge. */
  private static final int EVENT_LOOPS = 10;

  /** Free of charge in ten seconds, on one event loop. */
  private static final int FREE = 10;

  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene(UpstreamConfig.DEFAULT, EVENT_LOOPS);
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  @Test
  void aStormOfFailuresIsNotMultiplied() throws Exception {
    try (Backend a = Backend.answering(503, "no");
        Backend b = Backend.answering(503, "no")) {
      String path = scene.service(",'retries':{'attempts':5}" + NEVER_OUT, a, b);

      int most = sendOneAfterAnother(path, 503);

      assertThat(a.seen().size() + b.seen().size() - REQUESTS).as("retries").isBetween(FREE, most);
    }
  }

  @Test
  void hedgesAreTakenFromTheSameBudget() throws Exception {
    try (Backend slow = new Backend(request -> Backend.answerLater(request, 20, "ok"))) {
      String path = scene.service(",'retries':{'hedgeAfter':'PT0.001S'}", slow);

      int most = sendOneAfterAnother(path, 200);

      assertThat(slow.seen().size() - REQUESTS).as("hedges").isBetween(FREE, most);
    }
  }

  /** Sends them on one connection, thus on one event loop; gives how many more there may be. */
  private int sendOneAfterAnother(String path, int expected) throws Exception {
    long start = System.nanoTime();
    try (RawClient client = scene.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        client.write(scene.lines("GET " + path));
        assertThat(client.read().status()).isEqualTo(expected);
      }
    }
    int windows = 1 + (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) / 10;
    return REQUESTS / 5 + 1 + windows * FREE;
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void thereAreAsManyAttemptsAsThereMayBe(int attempts) throws Exception {
    try (Backend failing = Backend.answering(503, "no")) {
      String path =
          scene.service(",'retries':{'attempts':%d}".formatted(attempts) + NEVER_OUT, failing);

      assertThat(scene.get(path).status()).isEqualTo(503);

      assertThat(failing.seen()).hasSize(attempts);
    }
  }

  @ParameterizedTest
  @CsvSource({"500,1", "502,2", "503,2", "504,2", "429,1"})
  void onlyWhatAnotherEndpointMayDoBetterIsTriedAgainByDefault(int status, int attempts)
      throws Exception {
    try (Backend failing = Backend.answering(status, "no")) {
      assertThat(scene.get(scene.service(NEVER_OUT, failing)).status()).isEqualTo(status);

      assertThat(failing.seen()).hasSize(attempts);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET,2", "HEAD,2", "PUT,2", "DELETE,2", "OPTIONS,2", "POST,1", "PATCH,1"})
  void onlyAnIdempotentRequestIsTriedAgain(String method, int attempts) throws Exception {
    try (Backend failing = Backend.answering(503, "");
        RawClient client = scene.connect()) {
      client.write(scene.lines(method + " " + scene.service(NEVER_OUT, failing)));

      assertThat(client.readHead().status()).isEqualTo(503);

      assertThat(failing.seen()).hasSize(attempts);
    }
  }

  /** What is longer is not kept. */
  @ParameterizedTest
  @CsvSource({"16384,200,2", "16385,503,1"})
  void aBodyIsSentAgainWholeOrNotAtAll(int length, int status, int attempts) throws Exception {
    List<Integer> bodies = new CopyOnWriteArrayList<>();
    try (Backend failingAtFirst =
            new Backend(request ->
                request
                    .body()
                    .onSuccess(body -> {
                      bodies.add(body.length());
                      request.response().setStatusCode(bodies.size() == 1 ? 503 : 200).end();
                    }));
        RawClient client = scene.connect()) {
      String path = scene.service(NEVER_OUT, failingAtFirst);
      client.write(scene.lines("PUT " + path, "Content-Length: " + length) + "x".repeat(length));

      assertThat(client.read().status()).isEqualTo(status);

      assertThat(bodies).hasSize(attempts).containsOnly(length);
      assertThat(failingAtFirst.seen()).hasSize(attempts);
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
