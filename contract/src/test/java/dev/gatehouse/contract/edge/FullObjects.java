package dev.gatehouse.contract.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Objects with everything that can be said, as the golden files have them. */
final class FullObjects {
  static final UUID PROVIDER = UUID.fromString("019535d9-3df7-79fb-b466-fa907fa17f9e");

  private static final UUID ACME = UUID.fromString("0197c0de-0000-7000-8000-000000000001");

  private FullObjects() {}

  private static UpstreamTls upstreamTls() {
    String certificate = resource("/tls/gateway.pem");
    return new UpstreamTls(
        Optional.of(certificate),
        Optional.of("shop.internal"),
        Optional.of(
            new UpstreamTls.ClientCertificate(certificate, resource("/tls/gateway-key.pem"))));
  }

  private static String resource(String name) {
    try (InputStream file = requireNonNull(FullObjects.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static EdgeService service() {
    return new EdgeService(
        "shop",
        List.of(
            new EdgeService.Endpoint(
                "10.0.0.7",
                8443,
                true,
                OptionalInt.of(3),
                Optional.of("eu-1a"),
                Optional.of(new Region("eu"))),
            new EdgeService.Endpoint("shop.internal", 8080)),
        Optional.of(EdgeService.Protocol.HTTP_2),
        Optional.of(Duration.ofMillis(500)),
        Optional.of(Duration.ofSeconds(10)),
        Optional.of(Duration.ofSeconds(20)),
        Optional.of(
            new Balancing(
                Balancing.Policy.CONSISTENT_HASH,
                Optional.of(Balancing.HashOn.COOKIE),
                Optional.of("session"),
                Optional.of(Duration.ofSeconds(30)))),
        Optional.of(healthCheck()),
        Optional.of(
            new OutlierDetection(
                OptionalInt.of(7),
                Optional.of(Duration.ofSeconds(10)),
                Optional.of(Duration.ofMinutes(2)),
                OptionalInt.of(30))),
        Optional.of(
            new CircuitBreaker(
                OptionalInt.of(40),
                OptionalInt.of(200),
                OptionalInt.of(50),
                Optional.of(Duration.ofSeconds(5)),
                OptionalInt.of(3))),
        Optional.of(
            new Retries(
                OptionalInt.of(3),
                Optional.of(Set.of(503)),
                OptionalInt.of(10),
                Optional.of(Duration.ofMillis(200)))),
        Optional.of(
            new Concurrency(
                OptionalInt.of(500),
                OptionalInt.of(200),
                OptionalInt.of(20),
                Optional.of(Duration.ofMillis(500)),
                OptionalInt.of(64))),
        Optional.of(true),
        Optional.of(
            new MessageSignature(
                MessageSignature.Algorithm.HMAC_SHA256,
                Optional.of("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"),
                Optional.of("shop-2"),
                OptionalInt.of(65536))),
        Optional.of(upstreamTls()),
        Optional.of(true));
  }

  private static HealthCheck healthCheck() {
    return new HealthCheck(
        HealthCheck.Type.GRPC,
        Optional.of("/health"),
        OptionalInt.of(204),
        Optional.of("shop.Orders"),
        Optional.of(Duration.ofSeconds(2)),
        Optional.of(Duration.ofMillis(250)),
        OptionalInt.of(3),
        OptionalInt.of(4));
  }

  static EdgeRoute route() {
    return new EdgeRoute(
        UUID.fromString("0197c0de-0000-7000-8000-000000000003"),
        EdgeRoute.HostClass.CUSTOM,
        Optional.of("/shop"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Set.of("GET")),
        Optional.of(
            List.of(
                new HeaderCondition("X-Beta", Optional.of("yes"), Optional.empty()),
                new HeaderCondition("X-Old", Optional.empty(), Optional.of(true)),
                new HeaderCondition("Accept", Optional.empty(), Optional.empty()))),
        Optional.empty(),
        Optional.of(
            new Destinations(
                Optional.of(Destinations.SplitBy.PRINCIPAL),
                List.of(
                    new Destinations.Destination("shop", 95, Optional.empty()),
                    new Destinations.Destination(
                        "shop-canary",
                        5,
                        Optional.of(Set.of(ACME)),
                        Optional.of(
                            new Destinations.BlueprintRange(
                                "shop", OptionalInt.of(3), OptionalInt.of(5))))))),
        Optional.empty(),
        Optional.of(versions()),
        Optional.of(
            new Rewrite(Optional.of("/"), Optional.empty(), Optional.of("shop.internal:8080"))),
        Optional.of(
            new HeaderChanges(
                Optional.of(List.of("Cookie")),
                Optional.of(Map.of("X-Area", "shop")),
                Optional.of(Map.of("X-Seen-By", "edge")))),
        Optional.of(
            new HeaderChanges(Optional.of(List.of("Server")), Optional.empty(), Optional.empty())),
        Optional.of(new Mirror("shop-next", 10)),
        Optional.of(Duration.ofSeconds(8)),
        Optional.of(
            new RouteAccess(
                Optional.of(Set.of(AuthenticationMethod.JWT)),
                Optional.of(Set.of(AuthenticationMethod.CLIENT_CERTIFICATE)),
                Optional.of(Set.of("admin")),
                Optional.of(Set.of("shop:write")))));
  }

  private static ApiVersions versions() {
    return new ApiVersions(
        Optional.of("X-Api-Version"),
        "v2",
        List.of(
            new ApiVersions.ApiVersion(
                "v1",
                Optional.of("shop-old"),
                Optional.of("/v1"),
                Optional.of("X-Version"),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                Optional.of(Instant.parse("2027-01-01T00:00:00Z")),
                Optional.of("https://example.com/v1")),
            new ApiVersions.ApiVersion(
                "v2",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
  }

  static EdgeRoute redirect() {
    return new EdgeRoute(
        UUID.fromString("0197c0de-0000-7000-8000-000000000004"),
        EdgeRoute.HostClass.SUBDOMAIN,
        Optional.empty(),
        Optional.of("/login"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new Redirect(
                OptionalInt.of(302),
                Optional.of("https"),
                Optional.of("login.example.com:8443"),
                Optional.of("/sign-in"),
                Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new HeaderChanges(
                Optional.empty(),
                Optional.of(Map.of("Cache-Control", "no-store")),
                Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static EdgePlan plan() {
    return new EdgePlan(
        "pro",
        new EdgeLimits(
            OptionalLong.of(1000),
            OptionalLong.of(2000),
            OptionalLong.of(500),
            OptionalLong.of(10_485_760),
            OptionalLong.of(100)),
        OptionalInt.of(10));
  }

  static EdgeTenant tenant() {
    return new EdgeTenant(
        ACME,
        new Slug("acme"),
        TenantStatus.ACTIVE,
        List.of(),
        Set.of(AuthenticationMethod.ANONYMOUS),
        new EdgeLimits(
            OptionalLong.of(100),
            OptionalLong.of(200),
            OptionalLong.of(50),
            OptionalLong.of(1_048_576),
            OptionalLong.of(20)),
        OptionalInt.of(5),
        Optional.of("v1"),
        Optional.of(
            Map.of(
                "shop",
                new ServiceOverride(
                    Optional.of(List.of(new EdgeService.Endpoint("10.9.0.7", 8080))),
                    Optional.of(
                        new CircuitBreaker(
                            OptionalInt.empty(),
                            OptionalInt.of(10),
                            OptionalInt.empty(),
                            Optional.empty(),
                            OptionalInt.empty())),
                    Optional.empty()),
                "shop-next",
                new ServiceOverride(
                    Optional.empty(), Optional.empty(), Optional.of("shop-canary")))),
        Optional.of("pro"),
        Optional.of(
            new EdgeDomains(
                Optional.of(List.of(new Hostname("acme.example"))),
                Optional.of(
                    List.of(
                        new HostRedirect(
                            new Hostname("old.acme.example"),
                            new Hostname("www.acme.example"),
                            OptionalInt.of(301)))),
                Optional.of(
                    List.of(
                        new DomainChallenge(
                            new Hostname("new.acme.example"),
                            "dG9rZW4tb2YtYWNtZQ",
                            "dG9rZW4tb2YtYWNtZQ.YW5zd2VyLW9mLWFjbWU"))))),
        Optional.of("Acme & Sons"),
        Optional.of(
            new EdgeBounds(
                Optional.of(new Region("eu")),
                Optional.of(
                    List.of(
                        AddressRange.parse("192.0.2.0/24"), AddressRange.parse("2001:db8::/32"))),
                Optional.of(List.of(AddressRange.parse("192.0.2.7"))))),
        Optional.of(
            new EgressBudget(
                Optional.of(EgressBudget.Action.CUT_OFF),
                OptionalLong.of(1_000_000_000),
                OptionalLong.of(50_000),
                OptionalLong.of(20_000_000_000L),
                OptionalLong.of(1_000_000))),
        Optional.of(
            new EdgePlacement("eu-1", IsolationStrategy.SCHEMA, Optional.of(Map.of("shop", 3)))));
  }

  static EdgeIdentityProvider identityProvider(UUID tenant) {
    ObjectMapper json = new ObjectMapper();
    ObjectNode key = json.createObjectNode();
    key.put("kty", "OKP").put("crv", "Ed25519").put("kid", "k1");
    key.put("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    ObjectNode jwks = json.createObjectNode();
    jwks.putArray("keys").add(key);
    return new EdgeIdentityProvider(
        PROVIDER,
        tenant,
        "Keycloak",
        "https://idp.acme.example/realms/acme",
        new IssuerKeys(Optional.empty(), Optional.of(jwks)),
        Set.of("https://app.example"),
        Optional.of(Set.of(JwsAlgorithm.EDDSA)),
        Optional.of(Duration.ofSeconds(10)),
        Optional.of(Map.of("hd", "acme.example")),
        Optional.of(
            new ClaimMapping(
                Optional.of("email"),
                Optional.of("/realm_access/roles"),
                Optional.of("scp"),
                Optional.of(Map.of("idp-admin", "admin")))),
        Optional.of(true),
        Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
        Optional.of(Map.of("mallory", Instant.parse("2026-02-01T00:00:00Z"))),
        Optional.of(
            new OidcLogin(
                client(),
                Optional.of("Acme's Keycloak"),
                Optional.of(Set.of("email")),
                Optional.of(Duration.ofHours(8)),
                Optional.of(Duration.ofMinutes(30)))));
  }

  private static ClientCredentials client() {
    return new ClientCredentials(
        "gatehouse",
        Optional.of("s3cret-of-the-client"),
        Optional.of(ClientCredentials.Authentication.POST));
  }

  static EdgeClientAuthority clientAuthority(UUID tenant) {
    return new EdgeClientAuthority(
        PROVIDER,
        tenant,
        "Devices",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        EdgeClientAuthority.SubjectName.SPIFFE,
        Optional.of("devices.acme.example"),
        Optional.of(Set.of("spiffe://devices.acme.example/meter/*")),
        Optional.of(Set.of("device")),
        Optional.of(Set.of("readings:write")),
        Optional.of(Set.of("1f")));
  }

  static EdgeIntrospection introspection(UUID tenant) {
    return new EdgeIntrospection(
        tenant,
        "https://idp.acme.example/introspect",
        client(),
        Optional.of(Set.of("https://app.example")),
        Optional.of("https://idp.acme.example/"),
        Optional.of(Map.of("token_type", "Bearer")),
        Optional.of(
            new ClaimMapping(
                Optional.of("username"), Optional.empty(), Optional.empty(), Optional.empty())),
        Optional.of(Duration.ofMinutes(1)),
        Optional.of(true));
  }

  static EdgeForwardAuth forwardAuth(UUID tenant) {
    return new EdgeForwardAuth(
        tenant,
        "https://decide.acme.example/check",
        Optional.of(Set.of("Authorization")),
        Optional.of("X-User"),
        Optional.of("X-Roles"),
        Optional.of("X-Scopes"),
        Optional.of(Duration.ofMillis(500)));
  }

  static EdgeCertificate certificate(UUID tenant) {
    return new EdgeCertificate(
        PROVIDER,
        Optional.of(tenant),
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n");
  }

  static EdgeAcmeChallenge acmeChallenge() {
    return new EdgeAcmeChallenge(
        new Hostname("shop.acme.example"),
        Optional.of(
            new EdgeAcmeChallenge.Http(
                "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ",
                "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI")),
        Optional.of(
            new EdgeAcmeChallenge.Tls(
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n")));
  }

  static EdgePartition partition() {
    return new EdgePartition("eu-1", Map.of("shop", 4));
  }

  static EdgePartitionKey partitionKey() {
    return new EdgePartitionKey(
        "2026nov1",
        "eu-1",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        Instant.parse("2026-11-28T10:00:00Z"));
  }
}
