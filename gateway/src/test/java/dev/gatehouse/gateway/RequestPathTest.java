package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
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
