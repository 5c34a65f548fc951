package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.upstream.DnsServer;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import dev.gatehouse.gateway.upstream.UpstreamConfig.DnsConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Endpoints with TLS, found by name, whose certificates an authority of the operator's vouches for.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsUpstreamTest {
  private static final String HOST = "app.upstream.test";
  private static final String CHECK =
      ",'healthCheck':{'type':'http','path':'/up','interval':'PT0.1S','timeout':'PT30S',"
          + "'unhealthyThreshold':1}";

  private static final SelfSignedCertificate CERTIFICATE = SelfSignedCertificate.create(HOST);
  private final DnsServer dns = new DnsServer();
  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient webSockets = vertx.createWebSocketClient();
  private volatile int health = 200;
  private Backend backend;
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    dns.put(HOST, 60, "127.0.0.1");
    dns.put("other.upstream.test", 60, "127.0.0.1");
    backend =
        new Backend(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(CERTIFICATE.keyCertOptions()),
            this::answer);
    scene = new Scene(trusting(Optional.of(Path.of(CERTIFICATE.certificatePath()))));
  }

  /** Says what it is spoken to in, and repeats what comes over WebSockets. */
  private void answer(HttpServerRequest request) {
    if (request.headers().contains("Upgrade")) {
      request
          .toWebSocket()
          .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage));
    } else {
      int status = "/up".equals(request.path()) ? health : 200;
      Backend.answer(request, status, request.version().name());
    }
  }

  @AfterAll
  void stop() {
    vertx.close().await();
    scene.close();
    backend.close();
    dns.close();
  }

  private UpstreamConfig trusting(Optional<Path> authorities) {
    DnsConfig byTest =
        new DnsConfig(
            Optional.of(dns.address()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5));
    return new UpstreamConfig(Optional.empty(), byTest, authorities, 64, 10, Duration.ofMinutes(1));
  }

  private String service(Scene at, String host, String settings) throws Exception {
    return at.serviceAt(
        "s-" + UUID.randomUUID(),
        "[{'host':'%s','port':%d,'tls':true}]".formatted(host, backend.port()),
        settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", "h2"})
  void isAskedAndCheckedOverTheProtocolOfTheService(String protocol) throws Exception {
    health = 200;
    String path = service(scene, HOST, ",'protocol':'" + protocol + "'" + CHECK);

    assertThat(scene.get(path).body()).isEqualTo(protocol.equals("h2") ? "HTTP_2" : "HTTP_1_1");
    awaitReason(path, "checks succeed"::equals);
    health = 500;
    awaitReason(path, "answered 500, expected 200 to 299"::equals);
    health = 200;
    awaitReason(path, "checks succeed"::equals);
  }

  private Future<WebSocket> webSocket(String path) {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options.setHost("127.0.0.1").setPort(scene.platform.gateway.httpPort()).setURI(path);
    options.addHeader("Host", scene.tenant.host());
    options.addHeader("X-API-Key", scene.tenant.key().reveal());
    return webSockets.connect(options);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 60_000}) // The longer one is several TLS records.
  void carriesWebSocketsUnderTls(int length) throws Exception {
    String message = "x".repeat(length);
    WebSocket socket = webSocket(service(scene, HOST, "")).await();
    CompletableFuture<String> echo = new CompletableFuture<>();
    socket.textMessageHandler(echo::complete);
    socket.writeTextMessage(message);

    assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo(message);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    socket.closeHandler(_ -> closed.complete(null));
    socket.close();
    closed.get(10, TimeUnit.SECONDS);
  }

  /** One of the protocol's own, as no WebSocket can be had over the connections of HTTP/2. */
  @Test
  void carriesWebSocketsUnderTlsToAServiceOfHttp2() throws Exception {
    WebSocket socket = webSocket(service(scene, HOST, ",'protocol':'h2'")).await();
    CompletableFuture<String> echo = new CompletableFuture<>();
    socket.textMessageHandler(echo::complete);
    socket.writeTextMessage("hello");

    assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
  }

  @Test
  void opensNoWebSocketUnderACertificateOfAnotherName() throws Exception {
    String path = service(scene, "other.upstream.test", "");

    assertThatThrownBy(() -> webSocket(path).await())
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(502));
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    String path = service(scene, "other.upstream.test", CHECK);

    assertRefused(scene.get(path));
    awaitReason(path, reason -> reason.contains("other.upstream.test"));
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (Scene byDefault = new Scene(trusting(Optional.empty()))) {
      String path = service(byDefault, HOST, "");

      assertRefused(byDefault.get(path));
    }
  }

  private static void assertRefused(Response response) {
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.header("Proxy-Status")).isEqualTo("gatehouse; error=tls_protocol_error");
  }

  private void awaitReason(String path, Predicate<String> wanted) {
    Backend.await(() -> wanted.test(reason(path)), () -> "the reason is still: " + reason(path));
  }

  private String reason(String path) {
    try {
      return new JsonObject(scene.admin("/upstreams").body())
          .getJsonArray("services").stream()
              .map(JsonObject.class::cast)
              .filter(service -> path.equals("/" + service.getString("service")))
              .map(service -> service.getJsonArray("endpoints").getJsonObject(0))
              .map(endpoint -> endpoint.getJsonArray("addresses").getJsonObject(0))
              .map(address -> address.getString("reason"))
              .findFirst()
              .orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
