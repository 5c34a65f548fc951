package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.drain.DrainConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that stops, and a tenant that is drained, lose no request. */
@Timeout(60)
class DrainTest {
  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;

  @BeforeEach
  void start() throws Exception {
    DrainConfig drain = new DrainConfig(Duration.ofMillis(500), Duration.ofSeconds(10));
    platform = new Platform(config -> Platform.with(config, drain));
    tenant = platform.tenant();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    platform.close();
  }

  private static void request(RawClient client, TestTenant whose, String mode) throws IOException {
    client.write(
        "GET /?mode=%s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
            .formatted(mode, whose.host(), whose.key().reveal()));
  }

  private RawClient client() throws IOException {
    return new RawClient(platform.gateway.httpPort());
  }

  private CompletableFuture<Void> drain() {
    return CompletableFuture.runAsync(platform.gateway::drain);
  }

  private Response admin(String line) throws IOException {
    return RawClient.send(platform.gateway.adminPort(), line, "Host: admin", "Content-Length: 0");
  }

  private void awaitDraining() throws IOException {
    while (admin("GET /readyz HTTP/1.1").status() == 200) {
      Thread.onSpinWait();
    }
  }

  @Test
  void servesNewConnectionsWhileItSaysThatItIsNotReady() throws Exception {
    CompletableFuture<Void> drained = drain();
    awaitDraining();
    try (RawClient late = client()) {
      request(late, tenant, "");

      assertThat(late.read().status()).isEqualTo(200);
    }
    drained.get(30, TimeUnit.SECONDS);
  }

  @Test
  void finishesWhatIsUnderWayAndSaysThatTheConnectionEnds() throws Exception {
    try (RawClient slow = client()) {
      request(slow, tenant, "wait");
      platform.upstream.awaitReceived(1);
      CompletableFuture<Void> drained = drain();
      awaitDraining();
      while (!platform.upstream.released.future().isComplete()) {
        // Once nobody can connect any more, the listeners are closed. A flood would keep the event
        // loop from closing them.
        try (RawClient _ = client()) {
          LockSupport.parkNanos(10_000_000);
        } catch (IOException _) {
          platform.upstream.released.tryComplete();
        }
      }
      Response response = slow.read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(slow.isClosedByPeer()).isTrue();
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void closesWebSocketsWithACode() throws Exception {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options.setHost("127.0.0.1").setPort(platform.gateway.httpPort()).setURI("/echo");
    options.addHeader("Host", tenant.host()).addHeader("X-API-Key", tenant.key().reveal());
    WebSocket socket = TestClients.webSocket(vertx).connect(options).await();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    socket.closeHandler(_ -> closed.complete(null));
    drain().get(30, TimeUnit.SECONDS);

    closed.get(10, TimeUnit.SECONDS);
    assertThat(socket.closeStatusCode()).isEqualTo((short) 1001);
  }

  @Test
  void sendsGoAwayAndFinishesTheStreams() throws Exception {
    HttpClientConnection connection = http2();
    CompletableFuture<Long> goAway = new CompletableFuture<>();
    connection.goAwayHandler(received -> {
      // A copy is made for whoever asks for the frame, and nobody else lets it go.
      ((BufferImpl) received.getDebugData()).byteBuf().release();
      goAway.complete(received.getErrorCode());
    });
    HttpClientRequest request =
        connection
            .request(new RequestOptions().setMethod(HttpMethod.GET).setURI("/?mode=wait"))
            .await();
    request.authority(HostAndPort.create(tenant.host(), 80));
    request.putHeader("X-API-Key", tenant.key().reveal());
    CompletableFuture<Integer> status = new CompletableFuture<>();
    request
        .send()
        .map(HttpClientResponse::statusCode)
        .onSuccess(status::complete)
        .onFailure(status::completeExceptionally);
    platform.upstream.awaitReceived(1);
    CompletableFuture<Void> drained = drain();

    assertThat(goAway.get(10, TimeUnit.SECONDS)).isZero();
    platform.upstream.released.tryComplete();
    assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(200);
    drained.get(30, TimeUnit.SECONDS);
  }

  private HttpClientConnection http2() {
    HttpClientAgent client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    return client
        .connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(platform.gateway.httpPort()))
        .await();
  }

  @Test
  void drainsOneTenantAlone() throws Exception {
    TestTenant other = platform.tenant();
    try (RawClient drained = client();
        RawClient kept = client()) {
      request(drained, tenant, "wait");
      request(kept, other, "");
      assertThat(kept.read().status()).isEqualTo(200);
      platform.upstream.awaitReceived(2);
      Response accepted = admin("POST /drain?tenant=" + tenant.edge().id() + " HTTP/1.1");
      platform.upstream.released.tryComplete();

      assertThat(accepted.status()).isEqualTo(202);
      Response last = drained.read();
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.header("Connection")).isEqualTo("close");
      assertThat(drained.isClosedByPeer()).isTrue();
      request(kept, other, "");
      assertThat(kept.read().header("Connection")).isEmpty();
      assertThat(admin("GET /readyz HTTP/1.1").status()).isEqualTo(200);
    }
  }

  @Test
  void breaksOffWhatADrainedTenantDoesNotEnd() throws Exception {
    DrainConfig hasty = new DrainConfig(Duration.ZERO, Duration.ofMillis(100));
    try (Platform impatient = new Platform(config -> Platform.with(config, hasty))) {
      TestTenant slow = impatient.tenant();
      try (RawClient client = new RawClient(impatient.gateway.httpPort())) {
        request(client, slow, "silent");
        impatient.upstream.awaitReceived(1);
        RawClient.send(
            impatient.gateway.adminPort(),
            "POST /drain?tenant=" + slow.edge().id() + " HTTP/1.1",
            "Host: admin",
            "Content-Length: 0");

        assertThat(client.read().status()).isEqualTo(503);
      }
    }
  }

  @Test
  void tellsWhyATenantCannotBeDrained() throws Exception {
    assertThat(admin("POST /drain?tenant=acme HTTP/1.1").status()).isEqualTo(400);
    assertThat(admin("POST /drain HTTP/1.1").status()).isEqualTo(400);
    assertThat(admin("POST /drain?tenant=00000000-0000-7000-8000-000000000000 HTTP/1.1").status())
        .isEqualTo(404);
    assertThat(admin("GET /drain HTTP/1.1").status()).isEqualTo(405);
    assertThat(admin("POST /readyz HTTP/1.1").status()).isEqualTo(405);
  }

  /** Any page that an operator opens can have a form sent to a port of the same machine. */
  @Test
  void isNotDrainedByAPageInABrowser() throws Exception {
    for (String line :
        List.of(
            "POST /drain?tenant=" + tenant.edge().id() + " HTTP/1.1",
            "POST /ticket-keys/rotate HTTP/1.1",
            "DELETE /blocked?address=192.0.2.1 HTTP/1.1")) {
      assertThat(
              RawClient.send(
                      platform.gateway.adminPort(),
                      line,
                      "Host: localhost",
                      "Origin: https://evil.example",
                      "Content-Length: 0")
                  .status())
          .isEqualTo(403);
    }
  }
}
