package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is under way when a tenant is suspended, or a key revoked, does not go on. */
@Timeout(60)
class SuspensionTest {
  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;
  private TestTenant other;

  @BeforeEach
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
    other = platform.tenant();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    platform.close();
  }

  private void suspend() throws InterruptedException {
    platform.feed.awaitApplied(
        platform.feed.put(Platform.with(tenant.edge(), TenantStatus.SUSPENDED)));
  }

  private void revokeKey() throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.remove(EdgeObject.Kind.API_KEY, tenant.key().id()));
  }

  private RawClient opened(TestTenant whose, String mode) throws IOException {
    RawClient client = new RawClient(platform.gateway.httpPort());
    client.write(
        "GET /?mode=%s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
            .formatted(mode, whose.host(), whose.key().reveal()));
    return client;
  }

  private WebSocket webSocket(TestTenant whose) {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options.setHost("127.0.0.1").setPort(platform.gateway.httpPort()).setURI("/echo");
    options.addHeader("Host", whose.host()).addHeader("X-API-Key", whose.key().reveal());
    return TestClients.webSocket(vertx).connect(options).await();
  }

  @Test
  void breaksOffAStreamOverHttp1() throws Exception {
    try (RawClient stream = opened(tenant, "endless");
        RawClient others = opened(other, "endless")) {
      assertThat(stream.readHead().status()).isEqualTo(200);
      assertThat(others.readHead().status()).isEqualTo(200);
      suspend();

      assertThat(stream.isClosedByPeer()).isTrue();
      assertThat(platform.upstream.abandoned.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(others.readByte()).isNotNegative();
    }
  }

  @Test
  void answersALongPollWithTheRefusal() throws Exception {
    try (RawClient poll = opened(tenant, "silent")) {
      platform.upstream.awaitReceived(1);
      suspend();

      assertThat(poll.read().status()).isEqualTo(403);
      assertThat(platform.upstream.abandoned.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void answersALongPollOfARevokedKey() throws Exception {
    try (RawClient poll = opened(tenant, "silent")) {
      platform.upstream.awaitReceived(1);
      revokeKey();

      assertThat(poll.read().status()).isEqualTo(401);
    }
  }

  @Test
  void endsWhatASnapshotNoLongerNames() throws Exception {
    try (RawClient poll = opened(tenant, "silent")) {
      platform.upstream.awaitReceived(1);
      platform.feed.forgetRevisions();
      platform.feed.remove(EdgeObject.Kind.TENANT, tenant.edge().id().toString());
      platform.feed.cutConnections();

      assertThat(poll.read().status()).isEqualTo(404);
    }
  }

  @Test
  void resetsTheStreamAndKeepsTheConnectionOverHttp2() throws Exception {
    HttpClientAgent client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    HttpClientConnection connection =
        client
            .connect(
                new HttpConnectOptions().setHost("127.0.0.1").setPort(platform.gateway.httpPort()))
            .await();
    HttpClientResponse stream = send(connection, tenant, "endless");
    stream.exceptionHandler(ended::complete);
    stream.handler(_ -> {});
    HttpClientResponse others = send(connection, other, "endless");
    suspend();

    assertThat(ended.get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            StreamResetException.class, reset -> assertThat(reset.getCode()).isEqualTo(8));
    CompletableFuture<Buffer> alive = new CompletableFuture<>();
    others.handler(alive::complete);
    assertThat(alive.get(10, TimeUnit.SECONDS).length()).isPositive();
  }

  private static HttpClientResponse send(
      HttpClientConnection connection, TestTenant whose, String mode) {
    HttpClientRequest request =
        connection
            .request(new RequestOptions().setMethod(HttpMethod.GET).setURI("/?mode=" + mode))
            .await();
    request.authority(HostAndPort.create(whose.host(), 80));
    request.putHeader("X-API-Key", whose.key().reveal());
    return request.send().await();
  }

  @Test
  void closesAWebSocketForAReason() throws Exception {
    WebSocket socket = webSocket(tenant);
    WebSocket others = webSocket(other);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    socket.closeHandler(_ -> closed.complete(null));
    CompletableFuture<String> echo = new CompletableFuture<>();
    others.textMessageHandler(echo::complete);
    suspend();

    closed.get(10, TimeUnit.SECONDS);
    assertThat(socket.closeStatusCode()).isEqualTo((short) 1008);
    assertThat(platform.upstream.closeCode.get(10, TimeUnit.SECONDS)).isEqualTo((short) 1008);
    others.writeTextMessage("still here");
    assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("echo still here");
  }

  @Test
  void leavesAloneWhoIsOnlyChanged() throws Exception {
    WebSocket socket = webSocket(tenant);
    CompletableFuture<String> echo = new CompletableFuture<>();
    socket.textMessageHandler(echo::complete);
    platform.feed.awaitApplied(platform.feed.put(Platform.withHosts(tenant.edge(), List.of())));
    try (RawClient poll = opened(other, "silent")) {
      // Ended by the same look at all that is under way.
      platform.feed.put(Platform.with(other.edge(), TenantStatus.SUSPENDED));
      assertThat(poll.read().status()).isEqualTo(403);
    }

    socket.writeTextMessage("hello");
    assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
  }
}
