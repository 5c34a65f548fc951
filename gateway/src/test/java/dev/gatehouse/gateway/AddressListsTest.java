package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.client.AddressHeader;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.client.ProxyProtocol;
import dev.gatehouse.gateway.security.AddressConfig;
import dev.gatehouse.gateway.security.ProbingConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From where requests may come, by the lists of tenants and of the operator. */
@Timeout(60)
class AddressListsTest {
  private Platform platform;

  @BeforeEach
  void start() throws Exception {
    platform =
        new Platform(config ->
            Platform.behind(
                Platform.with(
                    config,
                    new SecurityConfig(
                        Duration.ofHours(1),
                        50,
                        3,
                        1000,
                        ProbingConfig.DEFAULT,
                        new AddressConfig(List.of(), ranges("198.51.100.66")))),
                new ProxyConfig(
                    ranges("127.0.0.1"), AddressHeader.X_FORWARDED_FOR, ProxyProtocol.OFF)));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static List<AddressRange> ranges(String... ranges) {
    return Stream.of(ranges).map(AddressRange::parse).toList();
  }

  private static EdgeBounds bounds(List<AddressRange> allow, List<AddressRange> deny) {
    return new EdgeBounds(
        Optional.empty(),
        allow.isEmpty() ? Optional.empty() : Optional.of(allow),
        deny.isEmpty() ? Optional.empty() : Optional.of(deny));
  }

  private TestTenant tenant(List<AddressRange> allow, List<AddressRange> deny) throws Exception {
    return platform.tenant(edge -> edge.with(bounds(allow, deny)));
  }

  private Response from(String address, TestTenant tenant, String... headers) throws IOException {
    return RawClient.send(
        platform.gateway.httpPort(),
        Stream.concat(
                Stream.of(
                    "GET / HTTP/1.1", "Host: " + tenant.host(), "X-Forwarded-For: " + address),
                Stream.of(headers))
            .toArray(String[]::new));
  }

  private static String key(TestTenant tenant) {
    return "X-API-Key: " + tenant.key().reveal();
  }

  @Test
  void servesWhoMayComeAndRefusesOthersBeforeTheyProveAnything() throws Exception {
    TestTenant tenant = tenant(ranges("192.0.2.0/24", "2001:db8::/32"), ranges("192.0.2.7"));

    assertThat(from("192.0.2.8", tenant, key(tenant)).status()).isEqualTo(200);
    assertThat(from("2001:db8::8", tenant, key(tenant)).status()).isEqualTo(200);
    assertThat(from("::ffff:192.0.2.8", tenant, key(tenant)).status()).isEqualTo(200);
    for (String address : List.of("192.0.2.7", "192.0.3.1", "2001:db9::1", "::ffff:192.0.2.7")) {
      Response refused = from(address, tenant);
      assertThat(refused.status()).as(address).isEqualTo(403);
      assertThat(new JsonObject(refused.body()).getString("type"))
          .isEqualTo("https://gatehouse.dev/problems/address-not-allowed");
    }
    assertThat(from("6.6.6.6, 192.0.2.7", tenant, key(tenant)).status())
        .as("what strangers say of themselves is not believed")
        .isEqualTo(403);
    assertThat(platform.upstream.received()).hasSize(3);
  }

  @Test
  void otherTenantsAreServedAsEver() throws Exception {
    TestTenant open = platform.tenant();
    TestTenant closed = tenant(ranges("192.0.2.0/24"), List.of());

    assertThat(from("203.0.113.1", open, key(open)).status()).isEqualTo(200);
    assertThat(from("203.0.113.1", closed, key(closed)).status()).isEqualTo(403);
  }

  @Test
  void theOperatorsListHoldsForAllTenants() throws Exception {
    TestTenant tenant = tenant(ranges("198.51.100.0/24"), List.of());

    assertThat(from("198.51.100.65", tenant, key(tenant)).status()).isEqualTo(200);
    assertThat(from("198.51.100.66", tenant, key(tenant)).status()).isEqualTo(403);
  }

  @Test
  void pagesWhereUsersLogInAreBehindTheListsToo() throws Exception {
    TestTenant tenant = tenant(ranges("192.0.2.0/24"), List.of());

    Response refused =
        RawClient.send(
            platform.gateway.httpPort(),
            "GET /.gatehouse/session HTTP/1.1",
            "Host: " + tenant.host(),
            "X-Forwarded-For: 203.0.113.1");

    assertThat(refused.body()).contains("address-not-allowed");
  }

  @Test
  void aChangeHoldsForTheNextRequest() throws Exception {
    TestTenant tenant = platform.tenant();
    assertThat(from("192.0.2.8", tenant, key(tenant)).status()).isEqualTo(200);

    platform.feed.awaitApplied(
        platform.feed.put(tenant.edge().with(bounds(List.of(), ranges("192.0.2.0/24")))));
    assertThat(from("192.0.2.8", tenant, key(tenant)).status()).isEqualTo(403);

    platform.feed.awaitApplied(platform.feed.put(tenant.edge()));
    assertThat(from("192.0.2.8", tenant, key(tenant)).status()).isEqualTo(200);
  }

  @Test
  void whatIsUnderWayEndsWhereItsAddressIsDenied() throws Exception {
    TestTenant tenant = platform.tenant();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "GET /?mode=silent HTTP/1.1\r\nHost: %s\r\n%s\r\nX-Forwarded-For: 192.0.2.8\r\n\r\n"
              .formatted(tenant.host(), key(tenant)));
      platform.upstream.awaitReceived(1);

      platform.feed.put(tenant.edge().with(bounds(List.of(), ranges("192.0.2.8"))));

      assertThat(client.read().status()).isEqualTo(403);
    }
  }

  @Test
  void aWebSocketEndsWhereItsAddressIsDenied() throws Exception {
    TestTenant tenant = platform.tenant();
    Vertx vertx = Vertx.vertx();
    try {
      WebSocketConnectOptions options = new WebSocketConnectOptions();
      options.setHost("127.0.0.1").setPort(platform.gateway.httpPort()).setURI("/echo");
      options.addHeader("Host", tenant.host()).addHeader("X-Forwarded-For", "192.0.2.8");
      options.addHeader("X-API-Key", tenant.key().reveal());
      WebSocket socket = TestClients.webSocket(vertx).connect(options).await();
      CompletableFuture<Void> closed = new CompletableFuture<>();
      socket.closeHandler(_ -> closed.complete(null));

      platform.feed.put(tenant.edge().with(bounds(List.of(), ranges("192.0.2.8"))));

      closed.get(10, TimeUnit.SECONDS);
      assertThat(socket.closeStatusCode()).isEqualTo((short) 1008);
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void tellsTheAuditTrailTheMetricsAndTheLog() throws Exception {
    TestTenant tenant = tenant(ranges("192.0.2.0/24"), List.of());
    try (AccessLines log = new AccessLines()) {
      from("203.0.113.1", tenant);
      from("203.0.113.1", tenant);
      for (JsonObject line : log.of(tenant.host(), 2)) {
        assertThat(line.getString("client")).isEqualTo("203.0.113.1");
        assertThat(line.getString("tenantId")).isEqualTo(tenant.edge().id().toString());
        assertThat(line.getString("refusal")).isEqualTo("address-not-allowed");
      }
    }

    String metrics =
        RawClient.send(platform.gateway.adminPort(), "GET /metrics HTTP/1.1", "Host: localhost")
            .body();
    assertThat(metrics)
        .contains("gatehouse_requests_refused_total{problem=\"address-not-allowed\"} 2");
    platform.gateway.close();
    SecurityEvent event = platform.feed.nextReport().events().getFirst();
    assertThat(event.kind()).isEqualTo(Kind.ADDRESS_NOT_ALLOWED);
    assertThat(event.tenant()).hasValue(tenant.edge().id());
    assertThat(event.address()).isEqualTo("203.0.113.1");
    assertThat(event.count()).isEqualTo(2);
  }

  @Test
  void isExplained() throws Exception {
    TestTenant tenant = tenant(ranges("192.0.2.0/24"), List.of());

    JsonObject refused = explain(tenant, "&client=203.0.113.1");
    assertThat(refused.getInteger("status")).isEqualTo(403);
    assertThat(last(refused).getString("stage")).isEqualTo("resolve");
    assertThat(last(refused).getString("because")).startsWith("403 address-not-allowed: ");
    assertThat(explain(tenant, "&client=192.0.2.1").getString("verdict")).isEqualTo("forwarded");
    JsonObject nowhere = explain(tenant, "");
    assertThat(nowhere.getString("verdict")).isEqualTo("forwarded");
    assertThat(nowhere.encode()).contains("none was given to go by");
    assertThat(asked(tenant, "&client=nobody").status()).isEqualTo(400);
  }

  private static JsonObject last(JsonObject explanation) {
    int steps = explanation.getJsonArray("steps").size();
    return explanation.getJsonArray("steps").getJsonObject(steps - 1);
  }

  private JsonObject explain(TestTenant tenant, String client) throws IOException {
    return new JsonObject(asked(tenant, client).body());
  }

  private Response asked(TestTenant tenant, String client) throws IOException {
    return RawClient.send(
        platform.gateway.adminPort(),
        "GET /explain?url=http://"
            + tenant.host()
            + "/&header="
            + URLEncoder.encode(key(tenant), StandardCharsets.UTF_8)
            + client
            + " HTTP/1.1",
        "Host: localhost");
  }
}
