package dev.gatehouse.contract.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FeedCodecTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final UUID TENANT = UUID.fromString("0197c0de-0000-7000-8000-000000000001");
  private static final UUID ROUTE = UUID.fromString("0197c0de-0000-7000-8000-000000000002");

  static Stream<Arguments> goldenMessages() {
    return Stream.of(
        Arguments.of("snapshot-begin", new FeedMessage.SnapshotBegin(41)),
        Arguments.of("snapshot-end", new FeedMessage.SnapshotEnd(41)),
        Arguments.of("heartbeat", new FeedMessage.Heartbeat(42)),
        Arguments.of("ask", new FeedMessage.Ask(question())),
        Arguments.of(
            "remove", new FeedMessage.Remove(43, EdgeObject.Kind.API_KEY, "0123456789abcdef")),
        Arguments.of("upsert-tenant", new FeedMessage.Upsert(44, tenant())),
        Arguments.of("upsert-service", new FeedMessage.Upsert(45, service())),
        Arguments.of("upsert-route", new FeedMessage.Upsert(46, route())),
        Arguments.of("upsert-api-key", new FeedMessage.Upsert(47, apiKey())),
        Arguments.of("upsert-api-key-scopes", new FeedMessage.Upsert(53, apiKeyWithScopes())),
        Arguments.of(
            "upsert-signing-key",
            new FeedMessage.Upsert(
                48,
                new EdgeSigningKey(
                    "k1",
                    "{}",
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("9999-12-31T23:59:59Z")))),
        Arguments.of(
            "upsert-signing-key-login",
            new FeedMessage.Upsert(
                59,
                new EdgeSigningKey(
                    "k2",
                    "{}",
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("9999-12-31T23:59:59Z"),
                    Optional.of(EdgeSigningKey.Purpose.LOGIN)))),
        Arguments.of("upsert-service-full", new FeedMessage.Upsert(49, FullObjects.service())),
        Arguments.of("upsert-route-full", new FeedMessage.Upsert(50, FullObjects.route())),
        Arguments.of("upsert-route-redirect", new FeedMessage.Upsert(51, FullObjects.redirect())),
        Arguments.of("upsert-tenant-full", new FeedMessage.Upsert(52, FullObjects.tenant())),
        Arguments.of("upsert-plan", new FeedMessage.Upsert(53, FullObjects.plan())),
        Arguments.of("upsert-identity-provider", new FeedMessage.Upsert(54, identityProvider())),
        Arguments.of(
            "upsert-identity-provider-full",
            new FeedMessage.Upsert(55, FullObjects.identityProvider(TENANT))),
        Arguments.of(
            "upsert-client-authority-full",
            new FeedMessage.Upsert(56, FullObjects.clientAuthority(TENANT))),
        Arguments.of(
            "upsert-introspection-full",
            new FeedMessage.Upsert(57, FullObjects.introspection(TENANT))),
        Arguments.of(
            "upsert-forward-auth-full",
            new FeedMessage.Upsert(58, FullObjects.forwardAuth(TENANT))),
        Arguments.of(
            "upsert-certificate", new FeedMessage.Upsert(60, FullObjects.certificate(TENANT))),
        Arguments.of(
            "upsert-acme-challenge", new FeedMessage.Upsert(61, FullObjects.acmeChallenge())),
        Arguments.of("upsert-partition", new FeedMessage.Upsert(63, FullObjects.partition())),
        Arguments.of(
            "upsert-partition-key", new FeedMessage.Upsert(62, FullObjects.partitionKey())));
  }

  private static ExplainQuestion question() {
    return new ExplainQuestion(
        UUID.fromString("0197c0de-0000-7000-8000-000000000009"),
        TENANT,
        "https://acme.example.com/api",
        "GET",
        List.of("Accept: text/html"),
        Optional.of("192.0.2.7"));
  }

  private static EdgeTenant tenant() {
    return new EdgeTenant(
        TENANT,
        new Slug("acme"),
        TenantStatus.ACTIVE,
        List.of(new Hostname("shop.acme.example")),
        Set.of(AuthenticationMethod.API_KEY),
        new EdgeLimits(
            OptionalLong.of(100),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(1_048_576)));
  }

  private static EdgeIdentityProvider identityProvider() {
    return EdgeIdentityProvider.of(
        FullObjects.PROVIDER,
        TENANT,
        "Keycloak",
        "https://idp.acme.example/realms/acme",
        new IssuerKeys(Optional.of("https://idp.acme.example/realms/acme/certs"), Optional.empty()),
        Set.of("https://app.example"));
  }

  private static EdgeService service() {
    return new EdgeService(
        "app",
        List.of(new EdgeService.Endpoint("127.0.0.1", 8081)),
        Optional.empty(),
        Optional.of(Duration.ofSeconds(2)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static EdgeRoute route() {
    return new EdgeRoute(
        ROUTE,
        EdgeRoute.HostClass.ANY,
        Optional.of("/api"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Set.of("GET")),
        Optional.empty(),
        Optional.of("app"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static EdgeApiKey apiKey() {
    return new EdgeApiKey(
        "0123456789abcdef",
        TENANT,
        "00ff",
        "robot",
        Set.of("reader"),
        Optional.of(Instant.parse("2027-01-01T00:00:00Z")));
  }

  private static EdgeApiKey apiKeyWithScopes() {
    return new EdgeApiKey(
        "0123456789abcdef",
        TENANT,
        "00ff",
        "robot",
        Set.of("reader"),
        Optional.empty(),
        Optional.of(Set.of("orders:read")));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = FeedCodecTest.class.getResourceAsStream("/feed/" + name + ".json")) {
      return java.util.Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @ParameterizedTest
  @MethodSource("goldenMessages")
  void readsTheGoldenLine(String name, FeedMessage message) throws Exception {
    assertThat(FeedCodec.decode(golden(name))).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("goldenMessages")
  void writesTheGoldenLine(String name, FeedMessage message) throws Exception {
    String line = FeedCodec.encode(message);

    assertThat(line).doesNotContain("\n");
    assertThat(JSON.readTree(line)).isEqualTo(JSON.readTree(golden(name)));
  }

  /** As version 0.1 wrote them to feeds and snapshots: a route that is for all methods said so. */
  @Test
  void readsWhatThePreviousVersionWrote() throws Exception {
    String line =
        """
        {"type":"upsert","revision":46,"kind":"route","object":{"id":"%s","hosts":"any",
         "pathPrefix":"/","methods":[],"service":"app"}}
        """
            .formatted(ROUTE);

    FeedMessage.Upsert read = (FeedMessage.Upsert) FeedCodec.decode(line.getBytes(UTF_8));
    EdgeRoute route = (EdgeRoute) read.object();
    assertThat(route.methods().orElse(Set.of())).isEmpty();
    assertThat(route.service()).hasValue("app");
  }

  @Test
  void ignoresFieldsThatItDoesNotKnow() throws Exception {
    String line =
        """
        {"type":"upsert","revision":1,"kind":"service","later":1,"object":{"name":"app","new":{},
         "endpoints":[{"host":"h","port":1,"tls":false,"weight":3}]}}
        """;

    assertThat(FeedCodec.decode(line.getBytes(UTF_8)).revision()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "null",
        "7",
        "[]",
        "\"heartbeat\"",
        "{}",
        "{\"type\":\"heartbeat\"}",
        "{\"revision\":1}",
        "{\"type\":null,\"revision\":1}",
        "{\"type\":\"heartbeat\",\"revision\":null}",
        "{\"type\":\"heartbeat\",\"revision\":\"soon\"}",
        "{\"type\":\"heartbeat\",\"revision\":1.5}",
        "{\"type\":\"heartbeat\",\"revision\":-1}",
        "{\"type\":\"heartbeat\",\"revision\":99999999999999999999}",
        "{\"type\":\"heartbeat\",\"revision\":1} {\"type\":\"heartbeat\",\"revision\":2}",
        "{\"type\":\"dance\",\"revision\":1}",
        "{\"type\":\"remove\",\"revision\":1}",
        "{\"type\":\"remove\",\"revision\":1,\"kind\":\"tenant\"}",
        "{\"type\":\"remove\",\"revision\":1,\"kind\":\"tenant\",\"key\":{}}",
        "{\"type\":\"remove\",\"revision\":1,\"kind\":\"unicorn\",\"key\":\"k\"}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"tenant\"}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"tenant\",\"object\":null}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"tenant\",\"object\":7}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"tenant\",\"object\":[]}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"tenant\",\"object\":{}}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"service\",\"object\":{\"name\":\"a\",\"endpoints\":[]}}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"service\",\"object\":{\"name\":\"a\",\"endpoints\":[null]}}",
        "{\"type\":\"upsert\",\"revision\":1,\"kind\":\"service\",\"object\":{\"name\":\"a\",\"endpoints\":[{\"host\":\"h\",\"port\":0,\"tls\":false}]}}"
      })
  void refusesALineThatIsNoMessage(String line) {
    assertThatThrownBy(() -> FeedCodec.decode(line.getBytes(UTF_8)))
        .isInstanceOf(MalformedFeedException.class);
  }

  @ParameterizedTest
  @MethodSource("goldenMessages")
  void refusesEveryLineThatWasCutShort(String name, FeedMessage message) {
    byte[] line = FeedCodec.encode(message).getBytes(UTF_8);
    for (int length = 0; length < line.length; length++) {
      byte[] torn = java.util.Arrays.copyOf(line, length);
      assertThatThrownBy(() -> FeedCodec.decode(torn))
          .as("%s cut to %d bytes", name, length)
          .isInstanceOf(MalformedFeedException.class);
    }
  }

  @Test
  void keepsObjectsAsTheyAre() throws Exception {
    for (EdgeObject object :
        List.of(tenant(), service(), apiKey(), FullObjects.route(), FullObjects.tenant())) {
      assertThat(FeedCodec.decodeObject(object.kind(), FeedCodec.encodeObject(object)))
          .isEqualTo(object);
    }
  }
}
