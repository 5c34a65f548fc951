package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request, seen from outside. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestPathTest {
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Response get(String host, String... headers) throws Exception {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET /hello?x=1 HTTP/1.1";
    lines[1] = "Host: " + host;
    System.arraycopy(headers, 0, lines, 2, headers.length);
    return RawClient.send(platform.gateway.httpPort(), lines);
  }

  private Response get(TestTenant tenant) throws Exception {
    return get(tenant.host(), "X-API-Key: " + tenant.key().reveal());
  }

  private static String problemOf(Response response) {
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    String type = new JsonObject(response.body()).getString("type");
    return type.substring(type.lastIndexOf('/') + 1);
  }

  @Test
  void forwardsWithTheSignedContextOfTheTenant() throws Exception {
    TestTenant tenant = platform.tenant();

    Response response = get(tenant);

    assertThat(response.status()).isEqualTo(200);
    var received = platform.upstream.last();
    assertThat(received.uri()).isEqualTo("/hello?x=1");
    assertThat(received.values("X-Tenant-Id")).containsExactly(tenant.edge().id().toString());
    assertThat(received.values("X-Tenant-Slug")).containsExactly(tenant.edge().slug().value());
    assertThat(received.values("Host")).containsExactly(tenant.host());
    assertThat(received.values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(received.values("X-API-Key")).isEmpty();
    Response jwks =
        RawClient.send(
            platform.gateway.adminPort(), "GET /.well-known/jwks.json HTTP/1.1", "Host: admin");
    assertThat(jwks.body()).doesNotContain("\"d\"");
    TenantContext context =
        ContextVerifier.withKeys("app", jwks.body())
            .verify(received.values("X-Tenant-Context").getFirst());
    assertThat(context.tenantId()).isEqualTo(tenant.edge().id());
    assertThat(context.subject()).isEqualTo("robot");
    assertThat(context.roles()).containsExactly("reader");
    assertThat(context.authenticatedBy()).isEqualTo("api-key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Tenant-Id: evil",
        "x-tenant-id: evil",
        "X_Tenant_Id: evil",
        "XTenantId: evil",
        "X--Tenant-Id: evil",
        "X_Real_IP: evil",
        "X.Tenant.Id: evil",
        "x-TENANT-context: evil",
        "X-Tenant-Slug: evil",
        "X-Tenant: evil",
        "x_tenant-id: evil",
        "_X-Tenant-Id: evil",
        "-x-tenant-id: evil",
        "HTTP_X_TENANT_ID: evil",
        "Http-X-Tenant-Context: evil",
        "_HTTP__X_TENANT_ID: evil",
        "HTTP_HTTP_X_TENANT_ID: evil",
        "X-X-Tenant-Id: evil",
        "X_HTTP_TENANT_ID: evil",
        "Tenant-Id: evil",
        "tenant_id: evil",
        "TENANTID: evil",
        "~Tenant.Slug: evil",
        "HTTP_X_FORWARDED_FOR: 6.6.6.6",
        "_X-Forwarded-Proto: evil",
        "Forwarded-For: 6.6.6.6",
        "HTTP_X_REAL_IP: 6.6.6.6",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Host: evil",
        "Forwarded: for=6.6.6.6",
        "X-Real-IP: 6.6.6.6",
        "traceparent: evil"
      })
  void doesNotForwardWhatOnlyTheGatewayMaySay(String header) throws Exception {
    TestTenant tenant = platform.tenant();

    Response response = get(tenant.host(), header, header, "X-API-Key: " + tenant.key().reveal());

    assertThat(response.status()).isEqualTo(200);
    assertThat(platform.upstream.last().headers())
        .noneMatch(line -> line.contains("evil") || line.contains("6.6.6.6"));
    assertThat(platform.upstream.last().values("X-Tenant-Id"))
        .containsExactly(tenant.edge().id().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Http-Method-Override",
        "X-Tena",
        "Tenacious",
        "HTTPS",
        "X-Real",
        "Http-Client",
        "X",
        "_"
      })
  void forwardsNamesThatOnlyLookAlike(String name) throws Exception {
    TestTenant tenant = platform.tenant();

    get(tenant.host(), name + ": kept", "X-API-Key: " + tenant.key().reveal());

    assertThat(platform.upstream.last().values(name)).containsExactly("kept");
  }

  @Test
  void refusesTwoDifferentKeysAndNoTwins() throws Exception {
    TestTenant tenant = platform.tenant();
    String key = tenant.key().reveal();
    String other = platform.tenant().key().reveal();

    assertThat(get(tenant.host(), "X-API-Key: " + key, "X-API-Key: " + other).status())
        .isEqualTo(401);
    assertThat(get(tenant.host(), "X-API-Key: " + key, "X-API-Key: ").status()).isEqualTo(401);
    assertThat(
            get(tenant.host(), "Authorization: Bearer " + key, "Authorization: Bearer " + other)
                .status())
        .isEqualTo(401);
    assertThat(get(tenant.host(), "X-API-Key: " + key, "Authorization: Bearer " + other).status())
        .isEqualTo(401);
    assertThat(get(tenant.host(), "X-API-Key: " + key, "X-API-Key: " + key).status())
        .isEqualTo(200);
  }

  @Test
  void doesNotLetConnectionRemoveWhatTheGatewaySays() throws Exception {
    TestTenant tenant = platform.tenant();

    get(
        tenant.host(),
        "Connection: X-Tenant-Id, X-Tenant-Context, Cookie, X-Drop",
        "Cookie: a=b",
        "X-Drop: 1",
        "X-API-Key: " + tenant.key().reveal());

    var received = platform.upstream.last();
    assertThat(received.values("X-Tenant-Id")).hasSize(1);
    assertThat(received.values("X-Tenant-Context")).hasSize(1);
    assertThat(received.values("Cookie")).containsExactly("a=b");
    assertThat(received.values("X-Drop")).isEmpty();
    assertThat(received.values("Connection")).isEmpty();
  }

  @Test
  void doesNotForwardTrailers() throws Exception {
    TestTenant tenant = platform.tenant();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "POST /t HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
              .formatted(tenant.host(), tenant.key().reveal()));
      client.write("3\r\nabc\r\n0\r\nX-Tenant-Id: evil\r\n\r\n");

      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(platform.upstream.last().body()).isEqualTo("abc");
    assertThat(platform.upstream.last().headers()).noneMatch(line -> line.contains("evil"));
  }

  @Test
  void answers404ForAnUnknownHost() throws Exception {
    TestTenant tenant = platform.tenant();
    int before = platform.upstream.received().size();

    Response unknown = get("nobody." + Platform.BASE_DOMAIN);
    Response withKey = get("nobody." + Platform.BASE_DOMAIN, "X-API-Key: " + tenant.key().reveal());
    Response address = get("127.0.0.1:8080", "X-API-Key: " + tenant.key().reveal());

    assertThat(List.of(unknown.status(), withKey.status(), address.status())).containsOnly(404);
    assertThat(problemOf(unknown)).isEqualTo("unknown-host");
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TENANT", "tenant.", "tenant:80", "Tenant.:8080"})
  void findsTheTenantUnderEverySpellingOfItsHost(String spelling) throws Exception {
    TestTenant tenant = platform.tenant();
    String host =
        spelling
            .replace("TENANT", tenant.host().toUpperCase(Locale.ROOT))
            .replace("Tenant", "T" + tenant.host().substring(1))
            .replace("tenant", tenant.host());

    assertThat(get(host, "X-API-Key: " + tenant.key().reveal()).status()).isEqualTo(200);
  }

  @Test
  void findsTheTenantByItsCustomDomain() throws Exception {
    String domain = "shop-" + UUID.randomUUID() + ".test";
    TestTenant tenant =
        platform.tenant(edge -> Platform.withHosts(edge, List.of(new Hostname(domain))));

    assertThat(get(domain, "X-API-Key: " + tenant.key().reveal()).status()).isEqualTo(200);
    platform.feed.awaitApplied(platform.feed.put(Platform.withHosts(tenant.edge(), List.of())));
    assertThat(get(domain, "X-API-Key: " + tenant.key().reveal()).status()).isEqualTo(404);
  }

  @Test
  void findsTheTenantByItsKeyAtTheBaseDomain() throws Exception {
    TestTenant tenant = platform.tenant();

    Response response = get(Platform.BASE_DOMAIN, "Authorization: Bearer " + tenant.key().reveal());

    assertThat(response.status()).isEqualTo(200);
    assertThat(platform.upstream.last().values("X-Tenant-Id"))
        .containsExactly(tenant.edge().id().toString());
    assertThat(platform.upstream.last().values("Authorization")).isEmpty();
    assertThat(get(Platform.BASE_DOMAIN).status()).isEqualTo(404);
  }

  @Test
  void refusesTheKeyOfAnotherTenant() throws Exception {
    TestTenant tenant = platform.tenant();
    TestTenant other = platform.tenant();

    Response response = get(tenant.host(), "X-API-Key: " + other.key().reveal());

    assertThat(response.status()).isEqualTo(401);
    assertThat(problemOf(response)).isEqualTo("unauthenticated");
    assertThat(response.header("WWW-Authenticate")).startsWith("Bearer");
  }

  @Test
  void refusesACallerWithoutAKey() throws Exception {
    assertThat(get(platform.tenant().host()).status()).isEqualTo(401);
  }

  @Test
  void refusesTwoDifferentKeys() throws Exception {
    TestTenant tenant = platform.tenant();

    Response response =
        get(
            tenant.host(),
            "X-API-Key: " + tenant.key().reveal(),
            "Authorization: Bearer " + platform.tenant().key().reveal());

    assertThat(response.status()).isEqualTo(401);
  }

  @Test
  void refusesAKeyThatHasExpiredOrBeenRemoved() throws Exception {
    TestTenant tenant = platform.tenant();
    EdgeApiKey expired =
        new EdgeApiKey(
            tenant.key().id(),
            tenant.edge().id(),
            HexFormat.of().formatHex(tenant.key().hash()),
            "robot",
            Set.of(),
            Optional.of(Instant.now().minusSeconds(1)));

    platform.feed.awaitApplied(platform.feed.put(expired));
    assertThat(get(tenant).status()).isEqualTo(401);
    platform.feed.awaitApplied(platform.feed.remove(EdgeObject.Kind.API_KEY, tenant.key().id()));
    assertThat(get(tenant).status()).isEqualTo(401);
  }

  @Test
  void letsAnonymousCallersInWhereTheTenantAllowsIt() throws Exception {
    TestTenant tenant =
        platform.tenant(edge ->
            Platform.with(
                edge, Set.of(AuthenticationMethod.ANONYMOUS, AuthenticationMethod.API_KEY)));

    assertThat(get(tenant.host()).status()).isEqualTo(200);
    Response badKey = get(tenant.host(), "X-API-Key: gh_0000000000000000_" + "A".repeat(43));
    assertThat(badKey.status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource(TenantStatus.class)
  void servesOnlyActiveTenants(TenantStatus status) throws Exception {
    TestTenant tenant = platform.tenant(edge -> Platform.with(edge, status));
    int expected =
        switch (status) {
          case ACTIVE -> 200;
          case PENDING -> 503;
          case SUSPENDED -> 403;
          case ARCHIVED -> 410;
          case DELETED -> 404;
        };

    assertThat(get(tenant).status()).isEqualTo(expected);
  }

  @Test
  void refusesTheVeryNextRequestAfterASuspensionWasApplied() throws Exception {
    TestTenant tenant = platform.tenant();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      String request =
          "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
              .formatted(tenant.host(), tenant.key().reveal());
      client.write(request);
      assertThat(client.read().status()).isEqualTo(200);

      platform.feed.awaitApplied(
          platform.feed.put(Platform.with(tenant.edge(), TenantStatus.SUSPENDED)));
      client.write(request);

      assertThat(client.read().status()).isEqualTo(403);
    }
  }

  @Test
  void refusesTheRequestAfterTheBurst() throws Exception {
    TestTenant tenant =
        platform.tenant(edge ->
            Platform.with(
                edge,
                new EdgeLimits(
                    OptionalLong.of(1),
                    OptionalLong.of(3),
                    OptionalLong.empty(),
                    OptionalLong.empty())));
    TestTenant neighbour = platform.tenant();
    Response refused = get(tenant);
    for (int i = 0; i < 10 && refused.status() == 200; i++) {
      refused = get(tenant);
    }

    assertThat(refused.status()).isEqualTo(429);
    assertThat(problemOf(refused)).isEqualTo("rate-limited");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.header("RateLimit-Policy")).contains("q=3");
    assertThat(get(neighbour).status()).isEqualTo(200);
  }

  @Test
  void answersAPageToABrowser() throws Exception {
    Response response = get("nobody." + Platform.BASE_DOMAIN, "Accept: text/html,*/*");

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.header("Content-Type")).startsWith("text/html");
    assertThat(response.body()).contains("Unknown host");
  }

  @Test
  void answersSeveralHostsOnOneConnectionEachByItself() throws Exception {
    TestTenant one = platform.tenant();
    TestTenant two = platform.tenant();
    String request = "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n";
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          request.formatted(one.host(), one.key().reveal())
              + request.formatted(two.host(), one.key().reveal())
              + request.formatted(two.host(), two.key().reveal()));

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(401);
      assertThat(client.read().status()).isEqualTo(200);
    }
  }
}
