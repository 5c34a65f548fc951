package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.deploy.endtoend.Balancer.Backend;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways behind a load balancer, under load that tries nothing again. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollingRestartIT {
  private static final String DRAIN = "drain: {grace: 2s, atMost: 20s}";

  /** Grace and telling (2 s at most), the bound, and the JVM's own end. */
  private static final long MOST_SECONDS = 2 + 2 + 20 + 20;

  private static final int STREAM_PIECES = 40;
  private static final int WEB_SOCKETS = 4;
  private static final int CLIENTS = 4;
  private static final int CHANGES = 1000;

  private final Vertx vertx = Vertx.vertx();
  private final List<Process> gateways = new ArrayList<>();
  private final List<Backend> backends = new ArrayList<>();
  private InstalledParts parts;
  private Balancer balancer;
  private String apiKey;
  private String route;

  @BeforeAll
  void start(@TempDir Path scratch) throws Exception {
    HttpServer application =
        vertx
            .createHttpServer()
            .webSocketHandler(_ -> {})
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await();
    parts = new InstalledParts(scratch);
    for (int i = 0; i < 2; i++) {
      backends.add(new Backend(InstalledParts.freePort(), InstalledParts.freePort()));
      gateways.add(startGateway(i));
    }
    parts.post(
        "/v1/services",
        "{\"name\": \"app\", \"endpoints\": [{\"host\": \"127.0.0.1\", \"port\": %d}]}"
            .formatted(application.actualPort()));
    String created = parts.post("/v1/routes", "{\"pathPrefix\": \"/\", \"service\": \"app\"}");
    route = created.replaceFirst(".*\"id\":\"([^\"]+)\".*", "$1");
    parts.post("/v1/tenants", "{\"slug\": \"acme\", \"name\": \"Acme\"}");
    parts.post("/v1/tenants", "{\"slug\": \"other\", \"name\": \"Other\"}");
    apiKey = parts.apiKey("acme");
    for (Backend backend : backends) {
      parts.awaitReady(backend.adminPort());
    }
    balancer = new Balancer(backends, parts::isReady);
  }

  @AfterAll
  void stop() throws Exception {
    balancer.close();
    gateways.forEach(Process::destroy);
    for (Process gateway : gateways) {
      assertThat(gateway.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    parts.close();
    vertx.close().await();
  }

  private Process startGateway(int index) throws Exception {
    Backend backend = backends.get(index);
    return parts.startGateway("gw" + index, backend.port(), backend.adminPort(), DRAIN);
  }

  /** At {@code /stream}, piece by piece for two seconds. */
  private void answer(HttpServerRequest request) {
    if ("/stream".equals(request.path())) {
      stream(request.response().setChunked(true), STREAM_PIECES);
    } else {
      request.response().end("ok");
    }
  }

  private void stream(HttpServerResponse response, int pieces) {
    if (pieces == 0) {
      response.end();
    } else {
      response.write("x".repeat(1024));
      vertx.setTimer(50, _ -> stream(response, pieces - 1));
    }
  }

  private KeepAliveLoad http1Load() {
    return new KeepAliveLoad(
        CLIENTS, balancer.port(), "Host: acme.example.test\r\nX-API-Key: %s\r\n".formatted(apiKey));
  }

  private StreamingLoad streamingLoad() {
    return new StreamingLoad(balancer.port(), "acme.example.test", apiKey);
  }

  /** The test's time limit ends the wait. */
  private static void awaitMore(IntSupplier count, int more, List<String> failures)
      throws InterruptedException {
    int wanted = count.getAsInt() + more;
    while (count.getAsInt() < wanted && failures.isEmpty()) {
      Thread.sleep(10);
    }
  }

  @Test
  void failsNoRequestWhenBothAreReplacedOneAfterTheOther() throws Exception {
    try (StreamingLoad streams = streamingLoad();
        KeepAliveLoad http1 = http1Load()) {
      streams.openWebSockets(WEB_SOCKETS);
      streams.begin(CLIENTS);
      awaitMore(http1::answers, 100, http1.failures());
      awaitMore(streams::answers, 100, streams.failures());
      for (int i = 0; i < gateways.size(); i++) {
        gateways.get(i).destroy(); // SIGTERM
        assertThat(gateways.get(i).waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(gateways.get(i).exitValue()).isZero();
        gateways.set(i, startGateway(i));
        parts.awaitReady(backends.get(i).adminPort());
      }
      awaitMore(http1::answers, 100, http1.failures());
      awaitMore(streams::answers, 100, streams.failures());
      awaitMore(streams::downloads, 1, streams.failures());
      streams.end();

      assertThat(http1.failures()).isEmpty();
      assertThat(streams.failures()).isEmpty();
      assertThat(http1.farewells()).as("Connection: close").isPositive();
      assertThat(streams.goAways()).as("GOAWAY").isPositive();
      assertThat(streams.closeCodes())
          .isEqualTo(Collections.nCopies(WEB_SOCKETS, Short.valueOf((short) 1001)));
    }
  }

  @Test
  void failsNoRequestAndEndsNoConnectionWhileTheConfigurationChanges() throws Exception {
    try (StreamingLoad streams = streamingLoad();
        KeepAliveLoad http1 = http1Load()) {
      streams.openWebSockets(WEB_SOCKETS);
      streams.begin(CLIENTS);
      awaitMore(http1::answers, 100, http1.failures());
      changeConfiguration();
      awaitMore(http1::answers, 100, http1.failures());
      awaitMore(streams::answers, 100, streams.failures());
      awaitMore(streams::downloads, 1, streams.failures());
      streams.end();

      assertThat(http1.failures()).isEmpty();
      assertThat(streams.failures()).isEmpty();
      assertThat(http1.farewells()).isZero();
      assertThat(streams.goAways()).isZero();
      assertThat(streams.closeCodes()).isEmpty();
    }
  }

  /** The service and the route in use, the tenant that calls and another one: one writer each. */
  private void changeConfiguration() throws Exception {
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> written =
          List.of(
              writers.submit(
                  () -> change("/v1/services/app", "{\"retries\": {\"budgetPercent\": %d}}")),
              writers.submit(() ->
                  change(
                      "/v1/routes/" + route,
                      "{\"responseHeaders\": {\"set\": {\"X-Number\": \"%d\"}}}")),
              writers.submit(() -> change("/v1/tenants/acme", "{\"limits\": {\"weight\": %d}}")),
              writers.submit(() -> change("/v1/tenants/other", "{\"limits\": {\"weight\": %d}}")));
      for (Future<?> changes : written) {
        changes.get();
      }
    }
  }

  private Void change(String path, String document) throws Exception {
    for (int i = 0; i < CHANGES / 4; i++) {
      parts.patch(path, document.formatted(1 + i % 100));
    }
    return null;
  }
}
