package dev.gatehouse.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.ClientCredentials;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers with tokens that their tenant's authorization server is asked about. */
@Timeout(60)
class IntrospectionTest {
  private final TestService server = new TestService();
  private Platform platform;
  private TestTenant tenant;

  @BeforeEach
  void start() throws Exception {
    platform =
        new Platform(c ->
            Platform.with(
                c,
                new AuthenticateConfig(
                    100, Duration.ofSeconds(1), Duration.ofSeconds(5), List.of("127.0.0.0/8"))));
    tenant = tenant(Set.of(AuthenticationMethod.INTROSPECTION, AuthenticationMethod.API_KEY));
    ask(introspection(tenant, Optional.empty()));
    says(active());
  }

  @AfterEach
  void stop() {
    server.close();
    platform.close();
  }

  private TestTenant tenant(Set<AuthenticationMethod> methods) throws InterruptedException {
    return platform.tenant(edge -> Platform.with(edge, methods));
  }

  private static JsonObject active() {
    return JsonObject.of("active", true, "sub", "alice", "scope", "read write");
  }

  private void says(JsonObject answer) {
    server.answers((_, response) ->
        response.putHeader("Content-Type", "application/json").end(answer.encode()));
  }

  private EdgeIntrospection introspection(TestTenant of, Optional<Duration> cacheFor) {
    return new EdgeIntrospection(
        of.edge().id(),
        server.url("/introspect"),
        new ClientCredentials("gate house", Optional.of("s:cret"), Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        cacheFor,
        Optional.empty());
  }

  private void ask(EdgeIntrospection introspection) throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.put(introspection));
  }

  private Response get(TestTenant at, String token) throws IOException {
    return RawClient.send(
        platform.gateway.httpPort(),
        "GET / HTTP/1.1",
        "Host: " + at.host(),
        "Authorization: Bearer " + token);
  }

  @Test
  void asksOnceWhoCameWithAToken() throws Exception {
    assertThat(get(tenant, "opaque-token").status()).isEqualTo(200);
    assertThat(get(tenant, "opaque-token").status()).isEqualTo(200);

    assertThat(server.asked).hasSize(1);
    TestService.Asked question = server.asked.getFirst();
    assertThat(question.method()).isEqualTo("POST");
    assertThat(question.body()).isEqualTo("token=opaque-token&token_type_hint=access_token");
    assertThat(question.headers().get("Authorization"))
        .as("each form-encoded (RFC 6749 section 2.3.1)")
        .isEqualTo(
            "Basic " + Base64.getEncoder().encodeToString("gate+house:s%3Acret".getBytes(UTF_8)));
    RecordingUpstream.Received received = platform.upstream.last();
    assertThat(received.values("Authorization")).isEmpty();
    JsonObject context = Contexts.in(received);
    assertThat(context.getString("sub")).isEqualTo("alice");
    assertThat(context.getJsonArray("amr")).containsExactly("introspection");
  }

  @Test
  void asksOnceForRequestsThatComeTogether() throws Exception {
    server.hold();
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(CompletableFuture.supplyAsync(() -> statusOf("shared-token")));
    }
    Eventually.holds(() -> !server.asked.isEmpty());
    assertThat(get(tenant, tenant.key().reveal()).status())
        .as("others do not wait for it")
        .isEqualTo(200);
    server.release();
    for (CompletableFuture<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(200);
    }
    assertThat(server.asked).hasSize(1);
  }

  private int statusOf(String token) {
    try {
      return get(tenant, token).status();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void keepsNoContextOfACallerWhomItMustAskAboutAgain() throws Exception {
    ask(introspection(tenant, Optional.of(Duration.ZERO)));
    assertThat(get(tenant, "t").status()).isEqualTo(200);
    String first = platform.upstream.last().values("X-Tenant-Context").getFirst();
    assertThat(get(tenant, "t").status()).isEqualTo(200);
    assertThat(platform.upstream.last().values("X-Tenant-Context").getFirst()).isNotEqualTo(first);
  }

  @Test
  void asksEachTimeWhereNothingIsToBeKept() throws Exception {
    ask(introspection(tenant, Optional.of(Duration.ZERO)));
    assertThat(get(tenant, "t").status()).isEqualTo(200);
    says(JsonObject.of("active", false));
    assertThat(get(tenant, "t").status()).isEqualTo(401);
    assertThat(server.asked).hasSize(2);
    assertThat(server.connections).as("by one connection").hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"active\":false}|The credential is not valid here.",
        "{\"active\":true}|The token lacks a claim",
        "{\"active\":true,\"sub\":7}|The token lacks a claim",
        "{\"active\":true,\"sub\":\"a\",\"exp\":1}|The token has expired.",
        "{\"active\":true,\"sub\":\"a\",\"nbf\":9999999999}|The token is not valid yet."
      })
  void letsNobodyIn(String answer, String detail) throws Exception {
    says(new JsonObject(answer));
    Response refused = get(tenant, "t");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(new JsonObject(refused.body()).getString("detail")).startsWith(detail);
    get(tenant, "t");
    assertThat(server.asked).as("it is remembered for a while").hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"500|{}", "401|{}", "200|", "200|[]", "200|{\"active\":\"true\"}", "302|{}"})
  void saysThatItCannotBeFoundOutWhereTheServerFails(int status, String body) throws Exception {
    server.answers((_, response) ->
        response.setStatusCode(status).putHeader("Location", "/").end(body == null ? "" : body));
    Response refused = get(tenant, "t");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    says(active());
    assertThat(get(tenant, "t").status()).as("a fault is not remembered").isEqualTo(200);
  }

  @Test
  void holdsTheAnswerAgainstAudienceAndIssuer() throws Exception {
    EdgeIntrospection plain = introspection(tenant, Optional.empty());
    ask(
        new EdgeIntrospection(
            plain.tenantId(),
            plain.url(),
            plain.client(),
            Optional.of(Set.of("app")),
            Optional.of("https://idp.example"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Duration.ZERO),
            Optional.of(true)));
    JsonObject right = active().put("iss", "https://idp.example").put("aud", "app");
    says(right);
    assertThat(get(tenant, "t").status()).isEqualTo(200);
    assertThat(platform.upstream.last().values("Authorization")).containsExactly("Bearer t");
    says(right.copy().put("aud", new JsonArray().add("other").add("app")));
    assertThat(get(tenant, "t").status()).isEqualTo(200);
    for (JsonObject wrong :
        List.of(
            right.copy().put("aud", "other"),
            right.copy().put("iss", "https://evil.example"),
            active())) {
      says(wrong);
      assertThat(get(tenant, "t").status()).isEqualTo(401);
    }
  }

  @Test
  void believesNoAnswerBeyondTheTokensEnd() throws Exception {
    Instant end = Instant.now().plusSeconds(2);
    says(active().put("exp", end.getEpochSecond()));
    assertThat(get(tenant, "t").status()).isEqualTo(200);
    Eventually.holds(() -> get(tenant, "t").status() == 401);
    assertThat(Instant.now()).isAfterOrEqualTo(Instant.ofEpochSecond(end.getEpochSecond()));
  }

  @Test
  void isAskedOnlyAboutTokensOfNoIssuerWhereATenantHasBoth() throws Exception {
    try (TestIssuer issuer = new TestIssuer()) {
      TestTenant both =
          tenant(Set.of(AuthenticationMethod.JWT, AuthenticationMethod.INTROSPECTION));
      platform.feed.put(issuer.of(both.edge().id()));
      ask(introspection(both, Optional.empty()));
      assertThat(get(both, issuer.token()).status()).isEqualTo(200);
      assertThat(server.asked).isEmpty();
      try (TestIssuer stranger = new TestIssuer()) {
        assertThat(get(both, stranger.token()).status()).isEqualTo(200);
        assertThat(server.asked).hasSize(1);
      }
    }
  }

  @Test
  void endsWhatIsUnderWayWhenTheServerIsAnother() throws Exception {
    try (RawClient stream = new RawClient(platform.gateway.httpPort())) {
      stream.write(
          "GET /?mode=endless HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer t\r\n\r\n"
              .formatted(tenant.host()));
      assertThat(stream.readHead().status()).isEqualTo(200);
      platform.feed.awaitApplied(
          platform.feed.remove(EdgeObject.Kind.INTROSPECTION, tenant.edge().id().toString()));
      assertThat(stream.isClosedByPeer()).isTrue();
    }
    assertThat(get(tenant, "t").status()).isEqualTo(401);
  }

  @Test
  void callsNoPlaceThatTheOperatorDoesNotAllow() throws Exception {
    EdgeIntrospection plain = introspection(tenant, Optional.empty());
    for (String url : List.of("http://10.0.0.1/", "https://169.254.169.254/latest")) {
      ask(
          new EdgeIntrospection(
              plain.tenantId(),
              url,
              plain.client(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
      assertThat(get(tenant, "t-" + UUID.randomUUID()).status()).isEqualTo(503);
    }
  }
}
