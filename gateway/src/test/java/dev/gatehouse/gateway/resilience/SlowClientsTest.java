package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Clients that hold places of a service by sending their bodies slowly. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowClientsTest {
  private static final String FOUR_PLACES = ",'concurrency':{'maxRequests':4,'maxWait':'PT1M'}";
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  /** Requests that have sent their heads and a byte, and are at the service. */
  private List<RawClient> slowUploads(String path, Backend service, int count) throws Exception {
    List<RawClient> uploads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawClient client = scene.connect();
      uploads.add(client);
      client.write(scene.lines("POST " + path, "Content-Length: 1000") + "x");
      service.awaitSeen(i + 1);
    }
    return uploads;
  }

  @Test
  void lendTheirPlacesToATenantThatHasNone() throws Exception {
    try (Backend service = Backend.answering(200, "whole")) {
      String path = scene.service(FOUR_PLACES, service);
      List<RawClient> uploads = slowUploads(path, service, 4);
      TestTenant other = scene.platform.tenant();

      for (int i = 0; i < 20; i++) {
        assertThat(scene.send(other, "GET " + path).status()).isEqualTo(200);
      }

      for (RawClient upload : uploads) {
        upload.write("x".repeat(999));
        assertThat(upload.read().status()).as("nobody lost anything").isEqualTo(200);
      }
      close(uploads);
    }
  }

  @Test
  void losePlacesThatTheirOwnTenantNeeds() throws Exception {
    try (Backend service = Backend.answering(200, "whole")) {
      String path = scene.service(FOUR_PLACES, service);
      List<RawClient> uploads = slowUploads(path, service, 4);

      Response first = scene.get(path);

      assertThat(first.status()).isEqualTo(200);
      Response ended = uploads.getFirst().read();
      assertThat(ended.status()).isEqualTo(408);
      assertThat(new JsonObject(ended.body()).getString("detail"))
          .contains("while other requests waited");
      assertThat(uploads.getFirst().isClosedByPeer()).isTrue();
      // The others go on where they were.
      RawClient last = uploads.getLast();
      last.write("x".repeat(999));
      assertThat(last.read().status()).isEqualTo(200);
      assertThat(scene.admin("/metrics").body())
          .containsPattern(
              "gatehouse_service_refused_total\\{reason=\"slow-client\",service=\""
                  + path.substring(1)
                  + "\"} [1-9]");
      close(uploads);
    }
  }

  @Test
  void loseThemEvenIfTheySendAByteNowAndThen() throws Exception {
    try (Backend service = Backend.answering(200, "whole")) {
      String path = scene.service(FOUR_PLACES, service);
      List<RawClient> uploads = slowUploads(path, service, 4);
      CompletableFuture<Response> waiting = Scene.beside(() -> scene.get(path));

      for (int sent = 0; sent < 900 && !waiting.isDone(); sent++) {
        for (RawClient upload : uploads.subList(1, 4)) {
          upload.write("x");
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }

      assertThat(waiting.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
      close(uploads);
    }
  }

  private static void close(List<RawClient> clients) throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
  }
}
