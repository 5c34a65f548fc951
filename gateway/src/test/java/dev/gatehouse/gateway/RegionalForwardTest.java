package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.RecordingUpstream.Received;
import dev.gatehouse.gateway.client.AddressHeader;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.client.ProxyProtocol;
import dev.gatehouse.gateway.residency.Elsewhere;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import dev.gatehouse.gateway.upstream.DnsServer;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A gateway in America passes what belongs to a tenant in Europe on to the gateway there. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegionalForwardTest {
  private static final String GATEWAY = "eu.gateways.test";
  private static final Region EU = new Region("eu");
  private static final Region US = new Region("us");
  private static final ProxyConfig BEHIND_LOOPBACK =
      new ProxyConfig(
          List.of(AddressRange.parse("127.0.0.1")),
          AddressHeader.X_FORWARDED_FOR,
          ProxyProtocol.OFF);

  private static final SelfSignedCertificate CERTIFICATE = SelfSignedCertificate.create(GATEWAY);
  private final DnsServer dns = new DnsServer();
  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private Gateway american;
  private TestTenant european;
  private String path;

  /** The platform's own gateway stands in Europe, and takes the word of the American one. */
  @BeforeAll
  void start() throws Exception {
    dns.put(GATEWAY, 60, "127.0.0.1");
    TlsConfig tls =
        new TlsConfig(
            "127.0.0.1",
            0,
            Path.of(CERTIFICATE.certificatePath()),
            Path.of(CERTIFICATE.privateKeyPath()),
            BEHIND_LOOPBACK,
            Optional.empty(),
            Optional.empty());
    platform =
        new Platform(config ->
            Platform.withHttps(Platform.behind(config, BEHIND_LOOPBACK), tls)
                .with(new ResidencyConfig(Optional.of(EU), Elsewhere.REFUSE, Map.of())));
    european = platform.tenant(edge -> edge.with(EdgeBounds.to(EU)));
    path = platform.route(inEurope("app-" + UUID.randomUUID()));
    american =
        passingOn(
            URI.create("https://" + GATEWAY + ":" + platform.gateway.httpsPort().orElseThrow()));
  }

  private EdgeService inEurope(String name) {
    return EdgeService.of(
        name,
        List.of(
            new Endpoint(
                "127.0.0.1",
                platform.upstream.port(),
                false,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(EU))));
  }

  private Gateway passingOn(URI to) throws Exception {
    UpstreamConfig.DnsConfig byTest =
        new UpstreamConfig.DnsConfig(
            Optional.of(dns.address()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5));
    UpstreamConfig trusting =
        new UpstreamConfig(
            Optional.empty(),
            byTest,
            Optional.of(Path.of(CERTIFICATE.certificatePath())),
            64,
            10,
            Duration.ofMinutes(1));
    return platform.startAnother(config ->
        Platform.behind(Platform.with(config, trusting, 1), BEHIND_LOOPBACK)
            .with(new ResidencyConfig(Optional.of(US), Elsewhere.FORWARD, Map.of("eu", to))));
  }

  @AfterAll
  void stop() {
    american.close();
    platform.close();
    dns.close();
    vertx.close().await();
  }

  private Response ask(String request, String... headers) throws IOException {
    return ask(american, request, headers);
  }

  private Response ask(Gateway gateway, String request, String... headers) throws IOException {
    return RawClient.send(
        gateway.httpPort(),
        Stream.concat(
                Stream.of(request + " HTTP/1.1", "Host: " + european.host()), Stream.of(headers))
            .toArray(String[]::new));
  }

  private String key() {
    return "X-API-Key: " + european.key().reveal();
  }

  @Test
  void theOtherGatewayTakesItItsWholeWay() throws Exception {
    Response answered =
        ask(
            "GET " + path + "?a=b",
            key(),
            "X-Forwarded-For: 192.0.2.9",
            "X-Tenant-Id: evil",
            "Cookie: a=b");

    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    Received received = platform.upstream.last();
    assertThat(received.uri()).isEqualTo(path + "?a=b");
    assertThat(received.values("X-Tenant-Id")).containsExactly(european.edge().id().toString());
    assertThat(received.values("X-Forwarded-For"))
        .containsExactly("192.0.2.9, 127.0.0.1, 127.0.0.1");
    assertThat(received.values("Host")).containsExactly(european.host());
    assertThat(received.values("Cookie")).containsExactly("a=b");
    assertThat(received.values("X-API-Key")).isEmpty();
    assertThat(received.values("Gatehouse-Passed-On")).isEmpty();
    assertThat(received.values("X-Tenant-Context")).hasSize(1);
  }

  @Test
  void nobodyIsLetInWithoutACredentialThere() throws Exception {
    assertThat(ask("GET " + path).status()).isEqualTo(401);
    assertThat(ask("GET " + path, "X-API-Key: " + platform.tenant().key().reveal()).status())
        .isEqualTo(401);
  }

  /** The American gateway may learn of a tenant later than the other one. */
  private void awaitKnown(TestTenant tenant) throws Exception {
    Eventually.holds(() ->
        RawClient.send(american.httpPort(), "GET / HTTP/1.1", "Host: " + tenant.host()).status()
            != 404);
  }

  @Test
  void theOtherGatewaysListsSeeTheClient() throws Exception {
    TestTenant closed =
        platform.tenant(edge ->
            edge.with(
                new EdgeBounds(
                    Optional.of(EU),
                    Optional.of(List.of(AddressRange.parse("192.0.2.0/24"))),
                    Optional.empty())));
    awaitKnown(closed);
    for (String[] fromAndStatus : new String[][] {{"192.0.2.1", "200"}, {"203.0.113.1", "403"}}) {
      Response answered =
          RawClient.send(
              american.httpPort(),
              "GET " + path + " HTTP/1.1",
              "Host: " + closed.host(),
              "X-API-Key: " + closed.key().reveal(),
              "X-Forwarded-For: " + fromAndStatus[0]);
      assertThat(answered.status()).isEqualTo(Integer.parseInt(fromAndStatus[1]));
    }
  }

  @Test
  void bodiesStream() throws Exception {
    try (RawClient client = new RawClient(american.httpPort())) {
      client.write(
          "POST %s HTTP/1.1\r\nHost: %s\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\n"
              .formatted(path, european.host(), key()));
      String chunk = "x".repeat(10_000);
      for (int i = 0; i < 200; i++) {
        client.write(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
      }
      client.write("0\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(platform.upstream.received().stream().mapToInt(one -> one.body().length()).max())
        .hasValue(2_000_000);

    Response large = ask("GET " + path + "?mode=large", key());
    assertThat(large.body().length()).isEqualTo(5_000_000);
  }

  @Test
  void webSocketsPassToo() throws Exception {
    CompletableFuture<String> echoed = new CompletableFuture<>();
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options.setHost("127.0.0.1").setPort(american.httpPort()).setURI(path);
    options.addHeader("Host", european.host());
    options.addHeader("X-API-Key", european.key().reveal());
    WebSocket socket = TestClients.webSocket(vertx).connect(options).await(20, TimeUnit.SECONDS);
    socket.textMessageHandler(echoed::complete);
    socket.writeTextMessage("hello");

    assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo("echo hello");
    socket.close();
  }

  @Test
  void theLogSaysWhereItWent() throws Exception {
    try (AccessLines log = new AccessLines()) {
      ask("GET " + path, key());

      List<JsonObject> lines = log.of(european.host(), 2);
      assertThat(lines.stream().map(line -> line.getString("passedOnTo", ""))).contains("eu", "");
      assertThat(lines).allMatch(line -> line.getInteger("status") == 200);
      for (JsonObject line : lines) {
        assertThat(
                line.getJsonObject("stageMicros").stream()
                    .map(stage -> ((Number) stage.getValue()).longValue()))
            .as("no stage takes longer than a minute")
            .allMatch(micros -> micros < 60_000_000);
      }
    }
  }

  @Test
  void http2IsTakenToo() throws Exception {
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(american.httpPort())
            .setURI(path)
            .putHeader("X-API-Key", european.key().reveal());
    int status =
        client
            .request(options)
            .compose(request -> {
              request.authority(HostAndPort.create(european.host(), -1));
              return request.send("over HTTP/2").map(HttpClientResponse::statusCode);
            })
            .await(20, TimeUnit.SECONDS);

    assertThat(status).isEqualTo(200);
    assertThat(platform.upstream.last().body()).isEqualTo("over HTTP/2");
    assertThat(platform.upstream.last().values("Host")).containsExactly(european.host());
  }

  @Test
  void itsOwnTenantsAndThoseThatAreFreeStay() throws Exception {
    TestTenant free = platform.tenant();
    awaitKnown(free);

    Response answered =
        RawClient.send(
            american.httpPort(),
            "GET " + path + " HTTP/1.1",
            "Host: " + free.host(),
            "X-API-Key: " + free.key().reveal());

    assertThat(answered.status()).isEqualTo(200);
    assertThat(platform.upstream.last().values("X-Forwarded-For")).containsExactly("127.0.0.1");
  }

  @Test
  void whereNoGatewayIsKnownItIsRefused() throws Exception {
    TestTenant asian = platform.tenant(edge -> edge.with(EdgeBounds.to(new Region("asia"))));
    awaitKnown(asian);

    Response refused =
        RawClient.send(american.httpPort(), "GET / HTTP/1.1", "Host: " + asian.host());

    assertThat(refused.status()).isEqualTo(421);
  }

  @Test
  void twoGatewaysDoNotSendItRound() throws Exception {
    try (Gateway astray = passingOn(URI.create("http://127.0.0.1:" + american.httpPort()))) {
      // The one that it asks would pass it on as well.
      Response refused = ask(astray, "GET " + path, key());

      assertThat(refused.status()).isEqualTo(508);
      assertThat(new JsonObject(refused.body()).getString("type")).endsWith("/loop-detected");
    }
    int before = platform.upstream.received().size();
    assertThat(ask("GET " + path, key(), "gatehouse-passed-on: 1").status())
        .as("a client harms itself alone")
        .isEqualTo(508);
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @Test
  void aGatewayThatIsAwayIs502() throws Exception {
    int port;
    try (RecordingUpstream gone = new RecordingUpstream()) {
      port = gone.port();
    }
    try (Gateway alone = passingOn(URI.create("http://127.0.0.1:" + port))) {
      assertThat(ask(alone, "GET " + path, key()).status()).isEqualTo(502);
    }
  }

  @Test
  void aGatewayThatIsNotTheOneItSaysIsNotAsked() throws Exception {
    dns.put("other.gateways.test", 60, "127.0.0.1");
    try (Gateway misled =
        passingOn(
            URI.create(
                "https://other.gateways.test:" + platform.gateway.httpsPort().orElseThrow()))) {
      int before = platform.upstream.received().size();
      assertThat(ask(misled, "GET " + path, key()).status()).isEqualTo(502);
      assertThat(platform.upstream.received()).hasSize(before);
    }
  }

  @Test
  void isExplained() throws Exception {
    Response explained =
        RawClient.send(
            american.adminPort(),
            "GET /explain?url="
                + URLEncoder.encode("http://" + european.host() + path, StandardCharsets.UTF_8)
                + " HTTP/1.1",
            "Host: localhost");

    JsonObject json = new JsonObject(explained.body());
    assertThat(json.getString("verdict")).isEqualTo("forwarded");
    assertThat(json.encode()).contains("is passed the request and decides about it");
  }

  @Test
  void whatTheControlPlaneSaysDoesNotTakeTheWayAway() throws Exception {
    platform.feed.awaitApplied(
        platform.feed.put(
            EdgeRoute.toService(UUID.randomUUID(), "/" + UUID.randomUUID(), path.substring(1))));

    assertThat(ask("GET " + path, key()).status()).isEqualTo(200);
    assertThat(
            RawClient.send(american.adminPort(), "GET /metrics HTTP/1.1", "Host: localhost").body())
        .contains("gatehouse_requests_passed_on_total{region=\"eu\"}");
  }
}
