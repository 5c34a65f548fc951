package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.forward.ForwardConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** WebSockets take the same way as every request. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketTest {
  private static final ForwardConfig IMPATIENT =
      new ForwardConfig(
          ForwardConfig.DEFAULT.connectTimeout(),
          Duration.ofMillis(300),
          ForwardConfig.DEFAULT.maxInFlight(),
          ForwardConfig.DEFAULT.connectionsPerEndpoint(),
          ForwardConfig.DEFAULT.maxWaiting(),
          ForwardConfig.DEFAULT.maxTunnels(),
          ForwardConfig.DEFAULT.http2Connections(),
          ForwardConfig.DEFAULT.clientIdle(),
          ForwardConfig.DEFAULT.streamIdle(),
          Duration.ofMillis(300),
          ForwardConfig.DEFAULT.keepAlive());

  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient client = vertx.createWebSocketClient();
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    vertx.close().await();
    platform.close();
  }

  private WebSocketConnectOptions options(String key) {
    return options(tenant, key);
  }

  private static WebSocketConnectOptions at(Platform platform, WebSocketConnectOptions options) {
    options.setPort(platform.gateway.httpPort());
    return options;
  }

  private WebSocketConnectOptions options(TestTenant tenant, String key) {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options.setHost("127.0.0.1").setPort(platform.gateway.httpPort()).setURI("/echo");
    options.addHeader("Host", tenant.host()).addHeader("X-API-Key", key);
    options.addHeader("X-Tenant-Id", "evil").addHeader("x_tenant_context", "evil");
    return options;
  }

  @Test
  void passesMessagesBothWaysUnderTheSignedContext() throws Exception {
    WebSocket socket = client.connect(options(tenant.key().reveal())).await();
    CompletableFuture<String> answer = new CompletableFuture<>();
    socket.textMessageHandler(answer::complete);
    socket.writeTextMessage("hello");

    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
    var received = platform.upstream.last();
    assertThat(received.method()).isEqualTo("WEBSOCKET");
    assertThat(received.headers()).noneMatch(line -> line.contains("evil"));
    assertThat(received.values("X-Tenant-Id")).containsExactly(tenant.edge().id().toString());
    assertThat(received.values("X-Tenant-Context")).hasSize(1);
    assertThat(received.values("X-API-Key")).isEmpty();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    socket.closeHandler(_ -> closed.complete(true));
    socket.close().await();
    assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void opensNoMoreThanTheTenantMayHave() throws Exception {
    EdgeLimits two =
        new EdgeLimits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(2));
    TestTenant limited = platform.tenant(edge -> Platform.with(edge, two));
    WebSocket first = client.connect(options(limited, limited.key().reveal())).await();
    client.connect(options(limited, limited.key().reveal())).await();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    client.connect(options(limited, limited.key().reveal())).onFailure(failure::complete);

    assertThat(failure.get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(429));
    first.close().await();
    awaitConnected(limited);
  }

  /** The gateway learns of the end of one a moment later than its client. */
  private void awaitConnected(TestTenant whose) {
    for (int attempt = 0; attempt < 1000; attempt++) {
      Future<WebSocket> next = client.connect(options(whose, whose.key().reveal()));
      if (next.otherwiseEmpty().await() != null) {
        return;
      }
    }
    throw new AssertionError("no place became free");
  }

  @Test
  void closesAWebSocketThroughWhichNothingPasses() throws Exception {
    try (Platform impatient = new Platform(config -> Platform.with(config, IMPATIENT))) {
      TestTenant idle = impatient.tenant();
      WebSocket socket = client.connect(at(impatient, options(idle, idle.key().reveal()))).await();
      CompletableFuture<Void> closed = new CompletableFuture<>();
      socket.closeHandler(_ -> closed.complete(null));

      closed.get(10, TimeUnit.SECONDS);
      assertThat(socket.closeStatusCode()).isEqualTo((short) 1001);
      assertThat(impatient.upstream.closeCode.get(10, TimeUnit.SECONDS)).isEqualTo((short) 1001);
    }
  }

  @Test
  void givesUpOnAnUpstreamThatDoesNotAnswerTheHandshake() throws Exception {
    try (Platform impatient = new Platform(config -> Platform.with(config, IMPATIENT));
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RawClient raw = new RawClient(impatient.gateway.httpPort())) {
      TestTenant waiting = impatient.tenant();
      impatient.feed.awaitApplied(
          impatient.feed.put(
              EdgeService.of("app", List.of(new Endpoint("127.0.0.1", silent.getLocalPort())))));
      raw.write(
          "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
              .formatted(waiting.host(), waiting.key().reveal()));

      assertThat(raw.read().status()).isEqualTo(504);
    }
  }

  @Test
  void refusesAWebSocketWithoutAValidKey() {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    client.connect(options("gh_wrong")).onFailure(failure::complete);

    assertThat(failure.join()).isInstanceOf(UpgradeRejectedException.class);
    assertThat(((UpgradeRejectedException) failure.join()).getStatus()).isEqualTo(401);
  }

  @Test
  void passesOnThatTheUpstreamWantsNoWebSocket() throws Exception {
    try (RawClient raw = new RawClient(platform.gateway.httpPort())) {
      // No Sec-WebSocket-Key: the upstream refuses the handshake.
      raw.write(
          "GET /echo HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
              .formatted(tenant.host(), tenant.key().reveal()));
      Response response = raw.read();

      assertThat(response.status()).isGreaterThanOrEqualTo(200);
      assertThat(raw.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void passesNoUpgradeWithABodyOn() throws Exception {
    try (RawClient raw = new RawClient(platform.gateway.httpPort())) {
      raw.write(
          "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello"
              .formatted(tenant.host(), tenant.key().reveal()));

      assertThat(raw.read().status()).isEqualTo(200);
      assertThat(platform.upstream.last().body()).isEqualTo("hello");
      assertThat(platform.upstream.last().values("Upgrade")).isEmpty();
    }
  }

  @Test
  void passesNoOtherUpgradeOn() throws Exception {
    Response response =
        RawClient.send(
            platform.gateway.httpPort(),
            "GET / HTTP/1.1",
            "Host: " + tenant.host(),
            "X-API-Key: " + tenant.key().reveal(),
            "Connection: Upgrade",
            "Upgrade: something/1");

    assertThat(response.status()).isEqualTo(200);
    assertThat(platform.upstream.last().values("Upgrade")).isEmpty();
  }
}
