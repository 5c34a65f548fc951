package dev.gatehouse.gateway.resilience;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second attempt beside a first one that takes its time. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HedgingTest {
  private static final String HEDGED = ",'retries':{'hedgeAfter':'PT0.02S'}";

  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  /** Two endpoints that share what they do: the first request of both, and the second. */
  private static final class Pair implements AutoCloseable {
    private final AtomicInteger asked = new AtomicInteger();
    private final CompletableFuture<HttpServerRequest> first = new CompletableFuture<>();
    private final Script script;
    final Backend a = new Backend(this::answer);
    final Backend b = new Backend(this::answer);

    interface Script {
      void second(HttpServerRequest first, HttpServerRequest second);
    }

    Pair(Script script) {
      this.script = script;
    }

    private void answer(HttpServerRequest request) {
      if (asked.incrementAndGet() == 1) {
        first.complete(request);
      } else {
        script.second(first.join(), request);
      }
    }

    void awaitOneCancelled() {
      Backend.await(() -> a.cancelled() + b.cancelled() == 1, () -> "none was cancelled");
    }

    @Override
    public void close() {
      a.close();
      b.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",'protocol':'http/1.1'",
        ",'protocol':'h2'",
        ",'balancing':{'policy':'consistent-hash'}"
      })
  void theSlowerOfTwoLosesAndIsCancelled(String settings) throws Exception {
    try (Pair pair = new Pair((_, second) -> second.response().end("second"))) {
      String path = scene.service(settings + HEDGED, pair.a, pair.b);

      assertThat(scene.get(path).body()).isEqualTo("second");

      assertThat(pair.a.seen()).hasSize(1);
      assertThat(pair.b.seen()).hasSize(1);
      pair.awaitOneCancelled();
    }
  }

  @Test
  void theFirstIsPassedOnWhereItIsTheQuickerOneAllTheSame() throws Exception {
    try (Pair pair = new Pair((first, _) -> first.response().end("first"))) {
      String path = scene.service(HEDGED, pair.a, pair.b);

      assertThat(scene.get(path).body()).isEqualTo("first");

      pair.awaitOneCancelled();
    }
  }

  @Test
  void theOtherOneIsWaitedForWhereOneFails() throws Exception {
    try (Pair pair =
        new Pair(
            (first, second) -> first.connection().close().onComplete(_ -> answerInParts(second)))) {
      String path = scene.service(HEDGED, pair.a, pair.b);

      assertThat(scene.get(path).body()).isEqualTo("second");

      assertThat(pair.asked).hasValue(2);
    }
  }

  /** The end comes so late that it would be lost if the one that is left were cancelled. */
  private static void answerInParts(HttpServerRequest request) {
    Vertx vertx = requireNonNull(Vertx.currentContext()).owner();
    vertx.setTimer(
        100,
        _ -> {
          request.response().setChunked(true).write("sec");
          vertx.setTimer(100, _ -> request.response().end("ond"));
        });
  }

  @Test
  void thereAreNeverMoreThanTwo() throws Exception {
    try (Pair pair = new Pair((_, second) -> Backend.answerLater(second, 200, "second"))) {
      String path = scene.service(HEDGED, pair.a, pair.b);

      assertThat(scene.get(path).body()).isEqualTo("second");

      assertThat(pair.asked).hasValue(2);
    }
  }

  @Test
  void noneIsMadeWhereTheServiceDoesNotAskForIt() throws Exception {
    try (Backend slow = new Backend(request -> Backend.answerLater(request, 200, "once"))) {
      assertThat(scene.get(scene.service("", slow)).body()).isEqualTo("once");

      assertThat(slow.seen()).hasSize(1);
    }
  }

  @Test
  void noneIsMadeOfARequestThatWasAnsweredInTime() throws Exception {
    try (Backend quick =
        new Backend(request ->
            Backend.answerLater(request, request.method().equals(HttpMethod.GET) ? 1 : 1500, ""))) {
      // Long enough for the first answer of a busy machine to be in time.
      String path = scene.service(",'retries':{'hedgeAfter':'PT1S'}", quick);

      assertThat(scene.get(path).status()).isEqualTo(200);
      assertThat(scene.send(scene.tenant, "POST " + path).status()).isEqualTo(200);

      assertThat(quick.seen()).as("long after the time to hedge").hasSize(2);
    }
  }

  @Test
  void aRequestWithABodyIsNeverMadeTwice() throws Exception {
    try (Backend slow = new Backend(request -> Backend.answerLater(request, 200, "once"));
        RawClient client = scene.connect()) {
      String path = scene.service(HEDGED, slow);
      client.write(scene.lines("PUT " + path, "Content-Length: 4") + "body");

      assertThat(client.read().body()).isEqualTo("once");

      assertThat(slow.seen()).hasSize(1);
    }
  }

  @Test
  void aPostIsNeverMadeTwice() throws Exception {
    try (Backend slow = new Backend(request -> Backend.answerLater(request, 200, "once"))) {
      String path = scene.service(HEDGED, slow);

      assertThat(scene.send(scene.tenant, "POST " + path).body()).isEqualTo("once");

      assertThat(slow.seen()).hasSize(1);
    }
  }

  @Test
  void noBudgetNoHedge() throws Exception {
    try (Backend slow = new Backend(request -> Backend.answerLater(request, 200, "once"))) {
      String path = scene.service(",'retries':{'hedgeAfter':'PT0.02S','budgetPercent':0}", slow);

      assertThat(scene.get(path).body()).isEqualTo("once");

      assertThat(slow.seen()).hasSize(1);
    }
  }
}
