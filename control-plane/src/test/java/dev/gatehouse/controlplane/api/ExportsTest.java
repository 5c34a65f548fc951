package dev.gatehouse.controlplane.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many exports are written at once. */
@Timeout(30)
class ExportsTest {
  private final Exports exports = new Exports(Duration.ofSeconds(1));
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final Promise<Void> goOn = Promise.promise();
  private static final UUID ENDLESS = new UUID(0, 1);
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void start() {
    Exporting server = new Exporting();
    vertx
        .deployVerticle(
            server, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .await();
    port = server.port;
  }

  @AfterEach
  void stop() {
    goOn.tryComplete();
    client.shutdownNow();
    vertx.close().await();
  }

  /** Writes a piece, and the rest when the test says so. */
  private final class Exporting extends VerticleBase {
    int port;

    @Override
    public Future<?> start() {
      return vertx
          .createHttpServer()
          .requestHandler(this::export)
          .listen(0, "127.0.0.1")
          .onSuccess((HttpServer server) -> port = server.actualPort());
    }

    private void export(HttpServerRequest request) {
      UUID chain = UUID.fromString(request.uri().substring(1));
      try {
        exports.write(
            chain,
            "text/plain",
            request.response(),
            chain.equals(ENDLESS) ? this::writeWithoutEnd : this::write);
      } catch (ProblemException e) {
        request.response().setStatusCode(e.problem().status()).end(e.getMessage());
      }
    }

    private void writeWithoutEnd(Exports.Out out) {
      try {
        while (true) {
          out.write("x".repeat(1 << 20));
        }
      } finally {
        stalled.countDown();
      }
    }

    private void write(Exports.Out out) {
      out.write("first ");
      goOn.future().await();
      out.write("second");
    }
  }

  /** An export of which the first piece has come, or its refusal. */
  private HttpResponse<InputStream> export(UUID chain) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/" + chain);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
  }

  private static String text(HttpResponse<InputStream> response) throws Exception {
    return new String(response.body().readAllBytes(), UTF_8);
  }

  @Test
  void noneTakesThePlacesOfAnother() throws Exception {
    UUID greedy = UUID.randomUUID();
    HttpResponse<InputStream> first = export(greedy);
    assertThat(export(greedy).statusCode()).isEqualTo(200);

    HttpResponse<InputStream> third = export(greedy);
    HttpResponse<InputStream> other = export(UUID.randomUUID());

    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(text(third)).contains("2 exports of the same data");
    assertThat(other.statusCode()).isEqualTo(200);
    goOn.tryComplete();
    assertThat(text(first)).isEqualTo("first second");
    assertThat(text(other)).isEqualTo("first second");
    // Its place is free a moment after its end has come.
    HttpResponse<InputStream> again = export(greedy);
    while (again.statusCode() == 503) {
      again = export(greedy);
    }
    assertThat(again.statusCode()).isEqualTo(200);
  }

  @Test
  void onlyAFewAreWrittenAtOnce() throws Exception {
    for (int i = 0; i < 8; i++) {
      assertThat(export(UUID.randomUUID()).statusCode()).as("export %d", i).isEqualTo(200);
    }
    assertThat(export(UUID.randomUUID()).statusCode()).isEqualTo(503);
  }

  @Test
  void aReaderThatTakesNothingHoldsUpNobody() throws Exception {
    try (Socket reader = new Socket(InetAddress.getLoopbackAddress(), port)) {
      reader
          .getOutputStream()
          .write(("GET /" + ENDLESS + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(UTF_8));
      stalled.await();
      goOn.tryComplete();
      // The verticle goes on while the reader is there, and after it has gone.
      assertThat(text(export(UUID.randomUUID()))).isEqualTo("first second");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(text(export(UUID.randomUUID()))).isEqualTo("first second");
    }
  }
}
