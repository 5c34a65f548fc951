package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient.Response;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** How long one attempt may take, and all together. What ends too late fails by the test's own. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimeoutsTest {
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
  void anAttemptThatTakesTooLongIsFollowedByAnother() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Backend slowAtFirst =
        new Backend(request -> {
          if (asked.incrementAndGet() > 1) {
            request.response().end("second");
          }
        })) {
      String path = scene.service(",'responseTimeout':'PT0.2S'", slowAtFirst);

      assertThat(scene.get(path).body()).isEqualTo("second");

      slowAtFirst.awaitCancelled(1);
    }
  }

  @Test
  void theTimeOfAllAttemptsEndsTheLastOne() throws Exception {
    try (Backend silent = Backend.silent()) {
      String path =
          scene.service(
              ",'responseTimeout':'PT0.2S','totalTimeout':'PT0.5S','retries':{'attempts':5}",
              silent);

      assertTimedOut(scene.get(path));

      assertThat(silent.seen()).as("0.2, 0.2 and what is left of 0.5 s").hasSizeBetween(1, 3);
      silent.awaitCancelled(silent.seen().size());
    }
  }

  @Test
  void allAttemptsTakeHalfAsLongAgainAsOneWhereNothingElseIsSaid() throws Exception {
    try (Backend silent = Backend.silent()) {
      String path = scene.service(",'responseTimeout':'PT0.2S','retries':{'attempts':5}", silent);

      assertTimedOut(scene.get(path));

      assertThat(silent.seen()).as("0.2 and 0.1 s").hasSizeBetween(1, 2);
    }
  }

  @Test
  void aRoutesTotalTimeTakesThePlaceOfTheServices() throws Exception {
    try (Backend silent = Backend.silent()) {
      String name = "s-" + UUID.randomUUID();
      scene.service(name, ",'totalTimeout':'PT10M','responseTimeout':'PT10M'", silent);
      scene.route("r-" + name, "'service':'" + name + "','totalTimeout':'PT0.3S'");

      assertTimedOut(scene.get("/r-" + name));

      assertThat(silent.seen()).hasSize(1);
    }
  }

  private static void assertTimedOut(Response response) {
    assertThat(response.status()).isEqualTo(504);
    assertThat(response.header("Proxy-Status")).isEqualTo("gatehouse; error=http_response_timeout");
  }
}
