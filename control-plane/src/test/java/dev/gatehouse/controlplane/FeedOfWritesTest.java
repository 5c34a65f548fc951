package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.ClaimMapping;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.FeedMessage.Remove;
import dev.gatehouse.contract.edge.IssuerKeys;
import dev.gatehouse.contract.edge.JwsAlgorithm;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.contract.token.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway is told of the writes that an operator makes. */
@Timeout(60)
class FeedOfWritesTest {
  private final ControlPlane controlPlane =
      ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
  private final ApiClient api =
      new ApiClient(controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
  private TestGateway gateway;

  @BeforeEach
  void connect() throws InterruptedException {
    String token = controlPlane.firstTokens().orElseThrow().gatewayToken();
    gateway = TestGateway.connect("gw", controlPlane.port(), token);
  }

  @AfterEach
  void stop() {
    gateway.close();
    controlPlane.close();
  }

  @Test
  void tellsOfATenantFromItsCreationToItsDeletion() throws Exception {
    JsonObject limits = new JsonObject().put("requestsPerSecond", 7);
    Reply created = api.post("/v1/tenants", Fresh.tenant().put("limits", limits));
    EdgeTenant told = gateway.next(EdgeTenant.class);
    assertThat(told.id()).hasToString(created.json().getString("id"));
    assertThat(told.slug()).hasToString(created.json().getString("slug"));
    assertThat(told.limits().requestsPerSecond()).hasValue(7);

    String path = created.header("Location");
    String slug = Fresh.slug();
    api.patch(path, new JsonObject().put("slug", slug));
    assertThat(gateway.next(EdgeTenant.class).slug()).hasToString(slug);

    api.post(path + "/suspend");
    assertThat(gateway.next(EdgeTenant.class).status()).isEqualTo(TenantStatus.SUSPENDED);

    api.post(path + "/resume");
    assertThat(gateway.next(EdgeTenant.class).status()).isEqualTo(TenantStatus.ACTIVE);

    Reply deleted = api.delete(path);
    assertThat(gateway.nextChange()).isEqualTo(removal(deleted, EdgeObject.Kind.TENANT, told));
  }

  @Test
  void tellsOfPlansApartFromWhatTheirTenantsOverride() throws Exception {
    JsonObject limits = new JsonObject().put("requestsPerSecond", 7).put("weight", 3);
    api.post("/v1/plans", new JsonObject().put("name", "pro").put("limits", limits));
    EdgePlan plan = gateway.next(EdgePlan.class);
    assertThat(plan.limits().requestsPerSecond()).hasValue(7);
    assertThat(plan.weight()).hasValue(3);

    api.post("/v1/tenants", Fresh.tenant().put("billing", new JsonObject().put("plan", "pro")));
    EdgeTenant tenant = gateway.next(EdgeTenant.class);
    assertThat(tenant.plan()).hasValue("pro");
    assertThat(tenant.limits().requestsPerSecond()).isEmpty();

    api.patch("/v1/plans/pro", new JsonObject().put("limits", new JsonObject().put("weight", 4)));
    assertThat(gateway.next(EdgePlan.class).weight()).hasValue(4);
  }

  @Test
  void tellsWhatIsDifferentForATenant() throws Exception {
    createService("orders");
    createService("orders-old");
    JsonObject override =
        new JsonObject()
            .put("endpoints", JsonArray.of(endpoint(9091)))
            .put("circuitBreaker", new JsonObject().put("window", 10));
    JsonObject services =
        new JsonObject()
            .put("orders", override)
            .put("orders-old", new JsonObject().put("sendTo", "orders"));
    JsonObject tenant =
        Fresh.tenant()
            .put("config", new JsonObject().put("services", services))
            .put("limits", new JsonObject().put("webSockets", 20).put("weight", 5))
            .put(
                "customizations",
                new JsonObject().put("api", new JsonObject().put("default", "v1")));
    gateway.next(EdgeService.class);
    gateway.next(EdgeService.class);

    assertThat(api.post("/v1/tenants", tenant).status()).isEqualTo(201);

    EdgeTenant told = gateway.next(EdgeTenant.class);
    assertThat(told.limits().webSockets()).hasValue(20);
    assertThat(told.weight()).hasValue(5);
    assertThat(told.apiVersion()).hasValue("v1");
    ServiceOverride toldOverride =
        Objects.requireNonNull(told.services().orElseThrow().get("orders"));
    assertThat(toldOverride.endpoints().orElseThrow())
        .containsExactly(new EdgeService.Endpoint("127.0.0.1", 9091));
    assertThat(toldOverride.circuitBreaker().orElseThrow().window()).hasValue(10);
    assertThat(Objects.requireNonNull(told.services().orElseThrow().get("orders-old")).sendTo())
        .hasValue("orders");
  }

  @Test
  void tellsFromWhereATenantMayBeReachedAndWhere() throws Exception {
    JsonObject security = new JsonObject().put("allowedIpRanges", JsonArray.of("192.0.2.0/24"));
    JsonObject config = new JsonObject().put("region", "eu").put("security", security);
    String path = api.post("/v1/tenants", Fresh.tenant().put("config", config)).header("Location");
    EdgeBounds told = gateway.next(EdgeTenant.class).bounds().orElseThrow();
    assertThat(told.region()).hasValue(new Region("eu"));
    assertThat(told.allow().orElseThrow()).containsExactly(AddressRange.parse("192.0.2.0/24"));
    assertThat(told.deny()).isEmpty();

    api.post(path + "/domains", new JsonObject().put("host", Fresh.slug() + ".example.net"));
    api.patch(
        path,
        new JsonObject()
            .put(
                "config",
                new JsonObject()
                    .putNull("region")
                    .put("security", new JsonObject().put("allowedIpRanges", new JsonArray()))));
    EdgeTenant last = gateway.next(EdgeTenant.class);
    while (last.bounds().isPresent()) {
      assertThat(last.bounds()).as("a change of its hosts").hasValue(told);
      last = gateway.next(EdgeTenant.class);
    }
  }

  @Test
  void tellsHowMuchMayLeaveInATenantsResponses() throws Exception {
    JsonObject budget = JsonObject.of("action", "cut-off", "tenantRecords", 5000);
    JsonObject config = JsonObject.of("exfiltration", budget);
    String path = api.post("/v1/tenants", Fresh.tenant().put("config", config)).header("Location");
    EgressBudget told = gateway.next(EdgeTenant.class).exfiltration().orElseThrow();
    assertThat(told.action()).hasValue(EgressBudget.Action.CUT_OFF);
    assertThat(told.tenantRecords()).hasValue(5000);
    assertThat(told.principalBytes()).isEmpty();

    api.post(path + "/domains", new JsonObject().put("host", Fresh.slug() + ".example.net"));
    api.patch(path, JsonObject.of("config", new JsonObject().putNull("exfiltration")));
    EdgeTenant last = gateway.next(EdgeTenant.class);
    while (last.exfiltration().isPresent()) {
      assertThat(last.exfiltration()).as("a change of its hosts").hasValue(told);
      last = gateway.next(EdgeTenant.class);
    }
  }

  @Test
  void tellsOfADomainWithItsTenant() throws Exception {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    assertThat(gateway.next(EdgeTenant.class).hosts()).isEmpty();

    String host = Fresh.host();
    String domain = api.post(path + "/domains", Fresh.trustedDomain(host)).header("Location");
    assertThat(gateway.next(EdgeTenant.class).hosts()).containsExactly(new Hostname(host));

    api.delete(domain);
    assertThat(gateway.next(EdgeTenant.class).hosts()).isEmpty();
  }

  @Test
  void tellsOfAnApiKeyByItsHashOnly() throws Exception {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    EdgeTenant tenant = gateway.next(EdgeTenant.class);

    JsonObject wanted =
        new JsonObject().put("subject", "ci").put("roles", JsonArray.of("deployer"));
    Reply created = api.post(path + "/api-keys", wanted);
    SecretToken secret =
        SecretToken.parse(SecretToken.Kind.API_KEY, created.json().getString("secret"))
            .orElseThrow();
    EdgeApiKey told = gateway.next(EdgeApiKey.class);
    assertThat(told.tenantId()).isEqualTo(tenant.id());
    assertThat(told.subject()).isEqualTo("ci");
    assertThat(told.roles()).containsExactly("deployer");
    assertThat(HexFormat.of().parseHex(told.hash())).isEqualTo(secret.hash());

    Reply revoked = api.delete(created.header("Location"));
    assertThat(gateway.nextChange()).isEqualTo(removal(revoked, EdgeObject.Kind.API_KEY, told));
  }

  @Test
  void tellsOfTheEndOfARotatedApiKeyAndOfItsSuccessor() throws Exception {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    gateway.next(EdgeTenant.class);
    JsonObject wanted =
        new JsonObject().put("subject", "ci").put("scopes", JsonArray.of("orders:read"));
    Reply created = api.post(path + "/api-keys", wanted);
    EdgeApiKey old = gateway.next(EdgeApiKey.class);
    Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);

    Reply rotated =
        api.post(
            created.header("Location") + "/rotate",
            new JsonObject().put("previousExpiresAt", end.toString()));

    assertThat(rotated.status()).as(rotated.toString()).isEqualTo(201);
    EdgeApiKey successor = gateway.next(EdgeApiKey.class);
    assertThat(successor.id()).isEqualTo(rotated.json().getString("id")).isNotEqualTo(old.id());
    assertThat(successor.scopes()).hasValue(Set.of("orders:read"));
    assertThat(successor.expiresAt()).isEmpty();
    EdgeApiKey ending = gateway.next(EdgeApiKey.class);
    assertThat(ending.id()).isEqualTo(old.id());
    assertThat(ending.expiresAt()).hasValue(end);
  }

  @Test
  void tellsOfAnIdentityProviderAndWhatOfItIsRevoked() throws Exception {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    EdgeTenant tenant = gateway.next(EdgeTenant.class);
    JsonObject wanted =
        Fresh.identityProvider()
            .put("algorithms", JsonArray.of("ES256"))
            .put("clockSkew", "PT5S")
            .put("requiredClaims", JsonObject.of("org", "acme"))
            .put("claims", JsonObject.of("roles", "/a/b", "roleNames", JsonObject.of("A", "admin")))
            .put("forwardToken", true);

    Reply created = api.post(path + "/identity-providers", wanted);

    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    EdgeIdentityProvider told = gateway.next(EdgeIdentityProvider.class);
    assertThat(told)
        .isEqualTo(
            new EdgeIdentityProvider(
                UUID.fromString(created.json().getString("id")),
                tenant.id(),
                wanted.getString("name"),
                wanted.getString("issuer"),
                new IssuerKeys(
                    Optional.of(wanted.getString("issuer") + "/certs"), Optional.empty()),
                Set.of("gatehouse"),
                Optional.of(Set.of(JwsAlgorithm.ES256)),
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(Map.of("org", "acme")),
                Optional.of(
                    new ClaimMapping(
                        Optional.empty(),
                        Optional.of("/a/b"),
                        Optional.empty(),
                        Optional.of(Map.of("A", "admin")))),
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

    String provider = created.header("Location");
    JsonObject ada = JsonObject.of("subject", "ada");
    JsonObject one = api.post(provider + "/revocations", ada).json();
    assertThat(gateway.next(EdgeIdentityProvider.class).revokedSubjects())
        .hasValue(
            Map.of("ada", Instant.parse(one.getJsonObject("revokedSubjects").getString("ada"))));
    JsonObject all = api.post(provider + "/revocations", new JsonObject()).json();
    EdgeIdentityProvider revoked = gateway.next(EdgeIdentityProvider.class);
    assertThat(revoked.validFrom()).hasValue(Instant.parse(all.getString("validFrom")));
    assertThat(revoked.revokedSubjects()).isEmpty();

    JsonObject key = JsonObject.of("kty", "OKP", "crv", "Ed25519", "x", "AQAB");
    JsonObject jwks = JsonObject.of("keys", JsonArray.of(key));
    JsonObject keys = JsonObject.of("jwks", jwks).putNull("jwksUrl");
    api.patch(provider, JsonObject.of("keys", keys));
    EdgeIdentityProvider changed = gateway.next(EdgeIdentityProvider.class);
    assertThat(new JsonObject(changed.keys().jwks().orElseThrow().toString())).isEqualTo(jwks);
    assertThat(changed.validFrom()).isEqualTo(revoked.validFrom());

    Reply deleted = api.delete(provider);
    assertThat(gateway.nextChange())
        .isEqualTo(removal(deleted, EdgeObject.Kind.IDENTITY_PROVIDER, told));
  }

  @Test
  void tellsOfServicesAndRoutes() throws Exception {
    String service = createService("orders");
    EdgeService toldService = gateway.next(EdgeService.class);
    assertThat(toldService.endpoints())
        .containsExactly(new EdgeService.Endpoint("127.0.0.1", 8081));

    JsonObject route = new JsonObject().put("pathPrefix", "/orders").put("service", "orders");
    Reply created = api.post("/v1/routes", route);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    EdgeRoute toldRoute = gateway.next(EdgeRoute.class);
    assertThat(toldRoute.pathPrefix()).hasValue("/orders");
    assertThat(toldRoute.service()).hasValue("orders");

    api.patch(created.header("Location"), new JsonObject().put("pathPrefix", "/all-orders"));
    assertThat(gateway.next(EdgeRoute.class).pathPrefix()).hasValue("/all-orders");

    api.patch(service, new JsonObject().put("endpoints", JsonArray.of(endpoint(8082))));
    assertThat(gateway.next(EdgeService.class).endpoints())
        .isEqualTo(List.of(new EdgeService.Endpoint("127.0.0.1", 8082)));

    Reply routeGone = api.delete(created.header("Location"));
    assertThat(gateway.nextChange())
        .isEqualTo(removal(routeGone, EdgeObject.Kind.ROUTE, toldRoute));
    Reply serviceGone = api.delete(service);
    assertThat(gateway.nextChange())
        .isEqualTo(removal(serviceGone, EdgeObject.Kind.SERVICE, toldService));
  }

  @Test
  void tellsNothingOfARefusedWrite() throws Exception {
    JsonObject tenant = Fresh.tenant();
    api.post("/v1/tenants", tenant);
    gateway.next(EdgeTenant.class);

    assertThat(api.post("/v1/tenants", tenant).status()).isEqualTo(409);
    createService("next");

    assertThat(gateway.next(EdgeService.class).name()).isEqualTo("next");
  }

  private String createService(String name) {
    JsonObject service =
        new JsonObject().put("name", name).put("endpoints", JsonArray.of(endpoint(8081)));
    Reply created = api.post("/v1/services", service);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  private static JsonObject endpoint(int port) {
    return new JsonObject().put("host", "127.0.0.1").put("port", port);
  }

  private static Remove removal(Reply reply, EdgeObject.Kind kind, EdgeObject object) {
    long revision = Long.parseLong(reply.header("Gatehouse-Revision"));
    return new Remove(revision, kind, object.key());
  }
}
