package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What routes ask of their callers. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteAccessTest {
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** A route with such access; gives its path. */
  private String route(String access) throws Exception {
    String path = "/r-" + UUID.randomUUID();
    putRoute(UUID.randomUUID(), path, access);
    return path;
  }

  private void putRoute(UUID id, String path, String access) throws Exception {
    String json =
        "{'id':'%s','hosts':'any','pathPrefix':'%s','service':'app'%s}"
            .formatted(id, path, access.isEmpty() ? "" : ",'access':" + access);
    platform.feed.awaitApplied(
        platform.feed.put(FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, json.replace('\'', '"'))));
  }

  private Response get(TestTenant at, String path, String... headers) throws Exception {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET " + path + " HTTP/1.1";
    lines[1] = "Host: " + at.host();
    System.arraycopy(headers, 0, lines, 2, headers.length);
    return RawClient.send(platform.gateway.httpPort(), lines);
  }

  private Response withKey(String path) throws Exception {
    return get(tenant, path, "X-API-Key: " + tenant.key().reveal());
  }

  @Test
  void opensARouteToCallersWithoutACredential() throws Exception {
    String open = route("{'methods':['anonymous']}");
    assertThat(get(tenant, open).status()).isEqualTo(200);
    assertThat(get(tenant, "/").status()).as("the others stay closed").isEqualTo(401);
    assertThat(get(tenant, open, "X-API-Key: gh_0000000000000000_" + "A".repeat(43)).status())
        .as("a bad credential is refused all the same")
        .isEqualTo(401);
    assertThat(withKey(open).status()).as("it is for callers without one").isEqualTo(403);
    assertThat(withKey(route("{'methods':['anonymous','api-key']}")).status()).isEqualTo(200);
  }

  @Test
  void endsNoStreamOfAnOpenRouteBecauseSomethingChanged() throws Exception {
    String open = route("{'methods':['anonymous']}");
    TestTenant other = platform.tenant();
    try (RawClient stream = endless(open, tenant, "");
        RawClient withKey = endless("/", other, "X-API-Key: " + other.key().reveal() + "\r\n")) {
      platform.feed.put(tenant.edge());
      platform.feed.awaitApplied(platform.feed.remove(EdgeObject.Kind.API_KEY, other.key().id()));

      assertThat(withKey.isClosedByPeer()).as("all that is under way was looked at").isTrue();
      for (int i = 0; i < 50; i++) {
        assertThat(stream.readByte()).isNotNegative();
      }
    }
  }

  private RawClient endless(String path, TestTenant at, String header) throws Exception {
    RawClient stream = new RawClient(platform.gateway.httpPort());
    stream.write(
        "GET %s?mode=endless HTTP/1.1\r\nHost: %s\r\n%s\r\n".formatted(path, at.host(), header));
    assertThat(stream.readHead().status()).isEqualTo(200);
    return stream;
  }

  @Test
  void letsNobodyInByAWayThatTheTenantDoesNotAllow() throws Exception {
    String forTokens = route("{'methods':['jwt']}");
    Response refused = withKey(forTokens);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(new JsonObject(refused.body()).getString("detail"))
        .isEqualTo("Callers must prove who they are by jwt here.");
    assertThat(get(tenant, forTokens).status()).isEqualTo(401);
    try (TestIssuer issuer = new TestIssuer()) {
      platform.feed.awaitApplied(platform.feed.put(issuer.of(tenant.edge().id())));
      assertThat(get(tenant, forTokens, "Authorization: Bearer " + issuer.token()).status())
          .isEqualTo(401);
    }
  }

  @Test
  void asksForOneOfTheRoles() throws Exception {
    assertThat(withKey(route("{'roles':['owner','reader']}")).status()).isEqualTo(200);
    String owners = route("{'roles':['owner','admin']}");
    Response refused = withKey(owners);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(new JsonObject(refused.body()).getString("type")).endsWith("/forbidden");
    assertThat(new JsonObject(refused.body()).getString("detail"))
        .isEqualTo("This needs one of the roles admin, owner.");
    assertThat(get(tenant, owners).status()).isEqualTo(401);
  }

  @Test
  void asksForAllOfTheScopes() throws Exception {
    SecretToken secret = SecretToken.generate(SecretToken.Kind.API_KEY);
    platform.feed.awaitApplied(
        platform.feed.put(
            new EdgeApiKey(
                secret.id(),
                tenant.edge().id(),
                HexFormat.of().formatHex(secret.hash()),
                "robot",
                Set.of(),
                Optional.empty(),
                Optional.of(Set.of("read", "list")))));
    String key = "X-API-Key: " + secret.reveal();
    assertThat(get(tenant, route("{'scopes':['read','list']}"), key).status()).isEqualTo(200);
    Response refused = get(tenant, route("{'scopes':['write','read']}"), key);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("WWW-Authenticate"))
        .isEqualTo(
            "Bearer realm=\"gatehouse\", error=\"insufficient_scope\", scope=\"read write\"");
  }

  @Test
  void asksAnonymousCallersOfATenantThatLetsThemIn() throws Exception {
    TestTenant open =
        platform.tenant(edge -> Platform.with(edge, Set.of(AuthenticationMethod.ANONYMOUS)));
    assertThat(get(open, "/").status()).isEqualTo(200);
    assertThat(get(open, route("{'methods':['api-key']}")).status()).isEqualTo(401);
    assertThat(get(open, route("{'roles':['reader']}")).status()).isEqualTo(401);
    assertThat(get(open, route("{'scopes':['read']}")).status()).isEqualTo(401);
  }

  @Test
  void isNotHandedOnToALessSpecificRoute() throws Exception {
    String path = "/r-" + UUID.randomUUID();
    putRoute(UUID.randomUUID(), path, "{'methods':['anonymous']}");
    putRoute(UUID.randomUUID(), path + "/admin", "{'roles':['owner']}");
    assertThat(get(tenant, path).status()).isEqualTo(200);
    assertThat(get(tenant, path + "/admin").status()).isEqualTo(401);
    assertThat(withKey(path + "/admin").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%61dmin",
        "/adm%69n/x",
        "/admin;x",
        "/admin;x=%61/y",
        "/admin;",
        "/%61dmin;x",
        "/op%3Arun",
        "/op%3arun;x"
      })
  void isNotHandedOnByAnotherSpellingOfThePath(String spelling) throws Exception {
    String path = "/r-" + UUID.randomUUID();
    putRoute(UUID.randomUUID(), path, "{'methods':['anonymous']}");
    putRoute(UUID.randomUUID(), path + "/admin", "{'roles':['owner']}");
    putRoute(UUID.randomUUID(), path + "/op:run", "{'roles':['owner']}");

    Response refused = get(tenant, path + spelling);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(get(tenant, path + "/a%20b;c=d/%61").status())
        .as("one route takes it, however it is read")
        .isEqualTo(200);
  }

  @Test
  void closesWhenTheRouteDoes() throws Exception {
    UUID id = UUID.randomUUID();
    String path = "/r-" + id;
    putRoute(id, path, "{'methods':['anonymous']}");
    assertThat(get(tenant, path).status()).isEqualTo(200);
    putRoute(id, path, "");
    assertThat(get(tenant, path).status()).isEqualTo(401);
  }
}
