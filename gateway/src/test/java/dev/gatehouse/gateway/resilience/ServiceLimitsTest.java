package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a service gets at once, what waits for it, and how long. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceLimitsTest {
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  /** A service that holds its requests until they are released. */
  private static final class Holding implements AutoCloseable {
    final Promise<Void> released = Promise.promise();
    final Backend backend =
        new Backend(request -> released.future().onSuccess(_ -> request.response().end("held")));

    @Override
    public void close() {
      backend.close();
    }
  }

  private CompletableFuture<Response> getBeside(String path) {
    return Scene.beside(() -> scene.get(path));
  }

  /** As the gauge says, to within fifty milliseconds. */
  private void await(String gauge, String path, int count) {
    String line = gauge + "{service=\"" + path.substring(1) + "\"} " + count;
    Backend.await(() -> metrics().contains(line), () -> "there is no " + line);
  }

  @Test
  void whatIsAboveTheLimitWaitsAndIsServedInTurn() throws Exception {
    try (Holding service = new Holding()) {
      String path =
          scene.service(",'concurrency':{'maxRequests':2,'maxWait':'PT1M'}", service.backend);
      CompletableFuture<Response> first = getBeside(path);
      CompletableFuture<Response> second = getBeside(path);
      service.backend.awaitSeen(2);
      CompletableFuture<Response> third = getBeside(path);
      await("gatehouse_service_waiting", path, 1);
      assertThat(service.backend.seen()).hasSize(2);

      service.released.complete();

      for (CompletableFuture<Response> each : List.of(first, second, third)) {
        assertThat(each.get(20, TimeUnit.SECONDS).body()).isEqualTo("held");
      }
      assertThat(service.backend.seen()).hasSize(3);
    }
  }

  @Test
  void whatFindsNoPlaceToWaitIsRefusedAtOnce() throws Exception {
    try (Holding service = new Holding()) {
      String path =
          scene.service(
              ",'concurrency':{'maxRequests':1,'maxWaiting':1,'maxWait':'PT1M'}", service.backend);
      CompletableFuture<Response> held = getBeside(path);
      service.backend.awaitSeen(1);
      CompletableFuture<Response> waiting = getBeside(path);
      await("gatehouse_service_waiting", path, 1);

      assertOverloaded(scene.get(path));

      service.released.complete();
      assertThat(held.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    }
  }

  @Test
  void whatWaitsTooLongIsRefusedAndNeverSent() throws Exception {
    try (Holding service = new Holding()) {
      String path =
          scene.service(",'concurrency':{'maxRequests':1,'maxWait':'PT0.1S'}", service.backend);
      CompletableFuture<Response> held = getBeside(path);
      service.backend.awaitSeen(1);

      assertOverloaded(scene.get(path));

      service.released.complete();
      assertThat(held.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(service.backend.seen()).hasSize(1);
    }
  }

  @Test
  void anEndpointGetsNoMoreConnectionsThanItMay() throws Exception {
    try (Holding service = new Holding()) {
      String path = scene.service(",'concurrency':{'maxConnections':1}", service.backend);
      CompletableFuture<Response> first = getBeside(path);
      service.backend.awaitSeen(1);
      CompletableFuture<Response> second = getBeside(path);
      await("gatehouse_service_in_flight", path, 2);
      assertThat(service.backend.connections()).isEqualTo(1);

      service.released.complete();

      assertThat(first.get(20, TimeUnit.SECONDS).body()).isEqualTo("held");
      assertThat(second.get(20, TimeUnit.SECONDS).body()).isEqualTo("held");
      assertThat(service.backend.connections()).isEqualTo(1);
    }
  }

  /** What the service takes for an answer, in milliseconds: more than a busy machine adds to it. */
  private static final int ITS_TIME = 20;

  /**
   * A service that answers uploads when they are whole, where they are not to be answered early.
   */
  private static void answerInItsTime(HttpServerRequest request) {
    if (request.uri().endsWith("/early")) {
      request.response().end("early");
    } else {
      request.body().onSuccess(_ -> Backend.answerLater(request, ITS_TIME, "ok"));
    }
  }

  /** A window's worth one after another: the gateway knows the service's time without a queue. */
  private void showItsTime(String path) throws Exception {
    try (RawClient client = scene.connect()) {
      for (int i = 0; i < 100; i++) {
        client.write(scene.lines("GET " + path));
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
  }

  /** A window's worth, each of which keeps its place while as many others end as there are. */
  private void sendSlowUploads(String path) throws Exception {
    Deque<RawClient> uploads = new ArrayDeque<>();
    for (int i = 0; i < 120; i++) {
      if (uploads.size() == 20) {
        try (RawClient whole = uploads.remove()) {
          whole.write("y");
          assertThat(whole.read().status()).isEqualTo(200);
        }
      }
      RawClient upload = scene.connect();
      uploads.add(upload);
      upload.write(scene.lines("POST " + path, "Content-Length: 2") + "x");
    }
    for (RawClient upload : uploads) {
      upload.close();
    }
  }

  private void awaitHigherLimit(String path) {
    String line = "gatehouse_service_limit{service=\"" + path.substring(1) + "\"} ";
    Backend.await(
        () -> metrics().lines().anyMatch(each -> each.startsWith(line) && limit(each) > 20),
        () -> metrics().lines().filter(each -> each.startsWith(line)).toList().toString());
  }

  private static double limit(String line) {
    return Double.parseDouble(line.substring(line.indexOf(' ') + 1));
  }

  private String metrics() {
    try {
      return scene.admin("/metrics").body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void howLongClientsTakeForTheirRequestsDoesNotLowerTheLimit() throws Exception {
    try (Backend service = new Backend(ServiceLimitsTest::answerInItsTime)) {
      String path = scene.service("", service);
      showItsTime(path);

      sendSlowUploads(path);

      awaitHigherLimit(path);
    }
  }

  @Test
  void answersToRequestsThatAreNotWholeSayNothingOfTheServicesTime() throws Exception {
    try (Backend service = new Backend(ServiceLimitsTest::answerInItsTime)) {
      String path = scene.service("", service);
      showItsTime(path);
      for (int i = 0; i < 300; i++) {
        try (RawClient client = scene.connect()) {
          client.write(scene.lines("POST " + path + "/early", "Content-Length: 2") + "x");
          assertThat(client.read().body()).isEqualTo("early");
        }
      }

      sendSlowUploads(path);

      awaitHigherLimit(path);
    }
  }

  private static void assertOverloaded(Response response) {
    assertThat(response.status()).isEqualTo(503);
    assertThat(new JsonObject(response.body()).getString("type")).endsWith("/overloaded");
    assertThat(response.header("Retry-After")).isEqualTo("1");
  }
}
