package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.ClaimMapping;
import dev.gatehouse.contract.edge.ClientCredentials;
import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedMessage.Remove;
import dev.gatehouse.contract.edge.OidcLogin;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway is told of the ways in which a tenant's callers prove who they are. */
@Timeout(60)
class FeedOfIdentityTest {
  private final ControlPlane controlPlane =
      ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
  private final ApiClient api = OneControlPlane.operator(controlPlane);
  private TestGateway gateway;
  private String path = "";
  private UUID tenant = new UUID(0, 0);

  @BeforeEach
  void connect() throws InterruptedException {
    String token = controlPlane.firstTokens().orElseThrow().gatewayToken();
    gateway = TestGateway.connect("gw", controlPlane.port(), token);
    path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    tenant = gateway.next(EdgeTenant.class).id();
  }

  @AfterEach
  void stop() {
    gateway.close();
    controlPlane.close();
  }

  @Test
  void tellsTheNameOfATenantWhoseUsersLogIn() throws Exception {
    String json =
        """
        {"name": "Acme & Sons", "config": {"auth": {"methods": %s}}}\
        """;

    api.patch(path, new JsonObject(json.formatted("[\"api-key\"]")));
    assertThat(gateway.next(EdgeTenant.class).name()).isEmpty();

    for (String method : List.of("session", "account")) {
      api.patch(path, new JsonObject(json.formatted("[\"api-key\", \"" + method + "\"]")));
      assertThat(gateway.next(EdgeTenant.class).name()).as(method).hasValue("Acme & Sons");
    }
  }

  @Test
  void tellsHowUsersLogInWithTheSecret() throws Exception {
    JsonObject client =
        JsonObject.of(
            "id", "gatehouse", "secret", "s3cret", "authentication", "client_secret_post");
    JsonObject login =
        JsonObject.of(
            "client", client, "label", "Acme", "sessionLife", "PT8H", "idleTimeout", "PT30M");
    login.put("scopes", JsonArray.of("email"));
    JsonObject provider = Fresh.identityProvider().put("login", login);
    provider.remove("audiences");

    Reply created = api.post(path + "/identity-providers", provider);

    EdgeIdentityProvider told = gateway.next(EdgeIdentityProvider.class);
    assertThat(told.audiences()).isEmpty();
    assertThat(told.login())
        .hasValue(
            new OidcLogin(
                new ClientCredentials(
                    "gatehouse",
                    Optional.of("s3cret"),
                    Optional.of(ClientCredentials.Authentication.POST)),
                Optional.of("Acme"),
                Optional.of(Set.of("email")),
                Optional.of(Duration.ofHours(8)),
                Optional.of(Duration.ofMinutes(30))));

    JsonObject noLogin = new JsonObject().putNull("login").put("audiences", JsonArray.of("a"));
    api.patch(created.header("Location"), noLogin);
    assertThat(gateway.next(EdgeIdentityProvider.class).login()).isEmpty();
  }

  @Test
  void carriesALongSecretWhole() throws Exception {
    String longest = "x".repeat(1000);
    JsonObject client = JsonObject.of("id", "gatehouse", "secret", longest);
    JsonObject login = JsonObject.of("client", client);
    api.post(path + "/identity-providers", Fresh.identityProvider().put("login", login));
    assertThat(gateway.next(EdgeIdentityProvider.class).login().orElseThrow().client().secret())
        .hasValue(longest);
  }

  @Test
  void tellsOfAClientAuthority() throws Exception {
    JsonObject wanted =
        Fresh.clientAuthority()
            .put("subject", "spiffe")
            .put("trustDomain", "acme.example")
            .put("subjects", JsonArray.of("spiffe://acme.example/*"))
            .put("roles", JsonArray.of("device"))
            .put("scopes", JsonArray.of("a:b"))
            .put("revokedSerials", JsonArray.of("0A:1F"));

    Reply created = api.post(path + "/client-authorities", wanted);

    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    EdgeClientAuthority told = gateway.next(EdgeClientAuthority.class);
    assertThat(told)
        .isEqualTo(
            new EdgeClientAuthority(
                UUID.fromString(created.json().getString("id")),
                tenant,
                wanted.getString("name"),
                Fresh.certificate("ec"),
                EdgeClientAuthority.SubjectName.SPIFFE,
                Optional.of("acme.example"),
                Optional.of(Set.of("spiffe://acme.example/*")),
                Optional.of(Set.of("device")),
                Optional.of(Set.of("a:b")),
                Optional.of(Set.of("a1f"))));
    api.patch(created.header("Location"), new JsonObject().putNull("revokedSerials"));
    assertThat(gateway.next(EdgeClientAuthority.class).revokedSerials()).isEmpty();
    Reply deleted = api.delete(created.header("Location"));
    assertThat(gateway.nextChange()).isEqualTo(removal(deleted, told));
  }

  @Test
  void tellsWhoIsAskedAboutTokensWithTheSecret() throws Exception {
    JsonObject wanted =
        Fresh.setting("introspection")
            .put("audiences", JsonArray.of("a"))
            .put("issuer", "https://id.example.com/")
            .put("requiredClaims", JsonObject.of("b", "c"))
            .put("claims", JsonObject.of("subject", "username"))
            .put("cacheFor", "PT1M")
            .put("forwardToken", true);

    api.put(path + "/introspection", wanted);

    EdgeIntrospection told = gateway.next(EdgeIntrospection.class);
    assertThat(told)
        .isEqualTo(
            new EdgeIntrospection(
                tenant,
                "https://id.example.com/introspection",
                new ClientCredentials(
                    "gatehouse", Optional.of("s3cret-of-the-client"), Optional.empty()),
                Optional.of(Set.of("a")),
                Optional.of("https://id.example.com/"),
                Optional.of(Map.of("b", "c")),
                Optional.of(
                    new ClaimMapping(
                        Optional.of("username"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Optional.of(Duration.ofMinutes(1)),
                Optional.of(true)));
    api.patch(path + "/introspection", JsonObject.of("cacheFor", "PT0S"));
    assertThat(gateway.next(EdgeIntrospection.class).client().secret())
        .hasValue("s3cret-of-the-client");
    Reply deleted = api.delete(path + "/introspection");
    assertThat(gateway.nextChange()).isEqualTo(removal(deleted, told));
  }

  @Test
  void tellsWhoDecidesAboutRequests() throws Exception {
    JsonObject wanted =
        Fresh.setting("forward-auth")
            .put("requestHeaders", JsonArray.of("X-Api-Key"))
            .put("subjectHeader", "X-User")
            .put("rolesHeader", "X-Roles")
            .put("scopesHeader", "X-Scopes")
            .put("timeout", "PT0.5S");

    api.put(path + "/forward-auth", wanted);

    EdgeForwardAuth told = gateway.next(EdgeForwardAuth.class);
    assertThat(told)
        .isEqualTo(
            new EdgeForwardAuth(
                tenant,
                "https://id.example.com/forward-auth",
                Optional.of(Set.of("X-Api-Key")),
                Optional.of("X-User"),
                Optional.of("X-Roles"),
                Optional.of("X-Scopes"),
                Optional.of(Duration.ofMillis(500))));
    Reply deleted = api.delete(path + "/forward-auth");
    assertThat(gateway.nextChange()).isEqualTo(removal(deleted, told));
  }

  private static Remove removal(Reply reply, EdgeObject object) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(204);
    long revision = Long.parseLong(reply.header("Gatehouse-Revision"));
    return new Remove(revision, object.kind(), object.key());
  }
}
