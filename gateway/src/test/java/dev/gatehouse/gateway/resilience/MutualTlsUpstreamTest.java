package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.UpstreamTls;
import dev.gatehouse.contract.edge.UpstreamTls.ClientCertificate;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.TestClients;
import dev.gatehouse.gateway.tls.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Endpoints that want a certificate of whoever asks, and have one of an authority that nobody but
 * their own service trusts.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutualTlsUpstreamTest {
  private static final String NAME = "orders.internal";

  private final TestAuthority ofServices = TestAuthority.root("Services");
  private final TestAuthority ofGateways = TestAuthority.root("Gateways");
  private final TestAuthority gateway = ofGateways.order("CN=edge-1").issue();
  private Backend backend;
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    TestAuthority server = ofServices.order("CN=orders").server(NAME).issue();
    backend =
        new Backend(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(server.pem()))
                        .setKeyValue(Buffer.buffer(server.keyPem())))
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(
                    new PemTrustOptions().addCertValue(Buffer.buffer(ofGateways.pem()))),
            MutualTlsUpstreamTest::answer);
    scene = new Scene();
  }

  /** Says who asks, and over which protocol; repeats what comes over WebSockets. */
  private static void answer(HttpServerRequest request) {
    if (request.headers().contains("Upgrade")) {
      request
          .toWebSocket()
          .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage));
      return;
    }
    try {
      X509Certificate peer =
          (X509Certificate) request.connection().sslSession().getPeerCertificates()[0];
      Backend.answer(request, 200, peer.getSubjectX500Principal() + " " + request.version());
    } catch (SSLPeerUnverifiedException e) {
      Backend.answer(request, 500, e.toString());
    }
  }

  @AfterAll
  void stop() {
    scene.close();
    backend.close();
  }

  private static ClientCertificate shown(TestAuthority holder) {
    return new ClientCertificate(
        new CertificateAndKey(holder.chain(), holder.keys().getPrivate()).chainPem(),
        holder.keyPem());
  }

  private UpstreamTls proofs() {
    return new UpstreamTls(
        Optional.of(ofServices.pem()), Optional.of(NAME), Optional.of(shown(gateway)));
  }

  /** A service at the backend; gives its path. */
  private String service(String protocol, UpstreamTls tls) throws Exception {
    return service("s-" + UUID.randomUUID(), protocol, tls);
  }

  private String service(String name, String protocol, UpstreamTls tls) throws Exception {
    EdgeService plain =
        EdgeService.of(
            name,
            List.of(
                new Endpoint(
                    "127.0.0.1",
                    backend.port(),
                    true,
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty())));
    JsonObject json = new JsonObject(FeedCodec.encodeObject(plain.with(tls)));
    json.put("protocol", protocol)
        .put(
            "healthCheck",
            new JsonObject().put("type", "http").put("path", "/up").put("interval", "PT0.1S"));
    scene.put(EdgeObject.Kind.SERVICE, json.encode());
    scene.route(name, "'service':'" + name + "'");
    return "/" + name;
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", "h2"})
  void eachSideProvesWhoItIs(String protocol) throws Exception {
    String path = service(protocol, proofs());

    assertThat(scene.get(path).body())
        .isEqualTo("CN=edge-1 " + (protocol.equals("h2") ? "HTTP_2" : "HTTP_1_1"));
    Backend.await(() -> upstreams().contains("checks succeed"), this::upstreams);
  }

  private String upstreams() {
    try {
      return scene.admin("/upstreams").body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void webSocketsToo() throws Exception {
    String path = service("h2", proofs());
    Vertx vertx = Vertx.vertx();
    try {
      WebSocket socket =
          TestClients.webSocket(vertx)
              .connect(
                  new WebSocketConnectOptions()
                      .setHost("127.0.0.1")
                      .setPort(scene.platform.gateway.httpPort())
                      .setURI(path)
                      .addHeader("Host", scene.tenant.host())
                      .addHeader("X-API-Key", scene.tenant.key().reveal()))
              .await();
      CompletableFuture<String> echo = new CompletableFuture<>();
      socket.textMessageHandler(echo::complete);
      socket.writeTextMessage("hello");

      assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void anEndpointThatAnotherAuthorityVouchesForIsRefused() throws Exception {
    String path =
        service(
            "http/1.1",
            new UpstreamTls(
                Optional.of(TestAuthority.root("Services").pem()),
                Optional.of(NAME),
                Optional.of(shown(gateway))));

    assertRefused(scene.get(path));
  }

  @Test
  void anEndpointOfAnotherNameIsRefused() throws Exception {
    UpstreamTls otherName =
        new UpstreamTls(
            Optional.of(ofServices.pem()),
            Optional.of("billing.internal"),
            Optional.of(shown(gateway)));

    assertRefused(scene.get(service("h2", otherName)));
  }

  @Test
  void withoutACertificateTheServiceTakesNothing() throws Exception {
    UpstreamTls nothingToShow =
        new UpstreamTls(Optional.of(ofServices.pem()), Optional.of(NAME), Optional.empty());

    assertThat(scene.get(service("http/1.1", nothingToShow)).status()).isEqualTo(502);
  }

  @Test
  void aCertificateOfAStrangerIsNotTaken() throws Exception {
    TestAuthority stranger = TestAuthority.root("Gateways").order("CN=edge-1").issue();
    UpstreamTls forged =
        new UpstreamTls(
            Optional.of(ofServices.pem()), Optional.of(NAME), Optional.of(shown(stranger)));

    assertThat(scene.get(service("http/1.1", forged)).status()).isEqualTo(502);
  }

  /** Not on a connection of before, on which the old one was shown. */
  @Test
  void aNewCertificateIsShownFromTheNextRequestOn() throws Exception {
    String name = "s-" + UUID.randomUUID();
    String path = service(name, "http/1.1", proofs());
    assertThat(scene.get(path).body()).startsWith("CN=edge-1");

    TestAuthority renewed = ofGateways.order("CN=edge-2").issue();
    service(
        name,
        "http/1.1",
        new UpstreamTls(
            Optional.of(ofServices.pem()), Optional.of(NAME), Optional.of(shown(renewed))));

    assertThat(scene.get(path).body()).startsWith("CN=edge-2");
  }

  @Test
  void checksShowANewCertificateToo() throws Exception {
    String name = "s-" + UUID.randomUUID();
    service(
        name,
        "http/1.1",
        new UpstreamTls(
            Optional.of(TestAuthority.root("Services").pem()),
            Optional.of(NAME),
            Optional.of(shown(gateway))));
    Backend.await(() -> stateOf(name).equals("unhealthy"), this::upstreams);

    service(name, "http/1.1", proofs());

    Backend.await(() -> stateOf(name).equals("healthy"), this::upstreams);
  }

  private String stateOf(String service) {
    return new JsonObject(upstreams())
        .getJsonArray("services").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.encode().contains(service))
            .map(JsonObject::encode)
            .map(text -> text.contains("\"unhealthy\"") ? "unhealthy" : "healthy")
            .findFirst()
            .orElse("unknown");
  }

  private static void assertRefused(Response response) {
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.header("Proxy-Status")).isEqualTo("gatehouse; error=tls_protocol_error");
  }
}
