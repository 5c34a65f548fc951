package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers with tokens of their tenant's identity provider. */
@Timeout(60)
class BearerTokensTest {
  private static final AuthenticateConfig LOCAL =
      new AuthenticateConfig(
          100, Duration.ofSeconds(1), Duration.ofSeconds(5), List.of("127.0.0.0/8"));

  private Platform platform;
  private TestIssuer issuer;
  private TestTenant tenant;
  private EdgeIdentityProvider trusted;

  @BeforeEach
  void start() throws Exception {
    issuer = new TestIssuer();
    start(LOCAL);
  }

  private void start(AuthenticateConfig config) throws Exception {
    platform = new Platform(c -> Platform.with(c, config));
    tenant = tenant();
    trusted = issuer.of(tenant.edge().id());
    trust(trusted);
  }

  @AfterEach
  void stop() {
    issuer.close();
    platform.close();
  }

  private TestTenant tenant() throws InterruptedException {
    return platform.tenant(edge ->
        Platform.with(edge, Set.of(AuthenticationMethod.JWT, AuthenticationMethod.API_KEY)));
  }

  private void trust(EdgeIdentityProvider provider) throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.put(provider));
  }

  private Response get(TestTenant at, String token, String... more) throws IOException {
    return send(at, token, "GET /?mode=", more);
  }

  private Response send(TestTenant at, String token, String request, String... more)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of(request + " HTTP/1.1", "Host: " + at.host()));
    lines.add("Authorization: Bearer " + token);
    lines.addAll(List.of(more));
    return RawClient.send(platform.gateway.httpPort(), lines.toArray(String[]::new));
  }

  private static EdgeIdentityProvider with(
      EdgeIdentityProvider p, boolean forward, Optional<Instant> validFrom) {
    return new EdgeIdentityProvider(
        p.id(),
        p.tenantId(),
        p.name(),
        p.issuer(),
        p.keys(),
        p.audiences(),
        p.algorithms(),
        p.clockSkew(),
        p.requiredClaims(),
        p.claims(),
        Optional.of(forward),
        validFrom,
        p.revokedSubjects(),
        Optional.empty());
  }

  @Test
  void letsTheHolderInAndKeepsTheTokenToItself() throws Exception {
    assertThat(get(tenant, issuer.token()).status()).isEqualTo(200);

    RecordingUpstream.Received received = platform.upstream.last();
    assertThat(received.values("Authorization")).isEmpty();
    JsonObject context = Contexts.in(received);
    assertThat(context.getString("sub")).isEqualTo("alice");
    assertThat(context.getJsonArray("amr")).containsExactly("jwt");
  }

  @Test
  void passesTheTokenOnWhereTheTenantWantsThat() throws Exception {
    trust(with(trusted, true, Optional.empty()));
    String token = issuer.token();
    assertThat(get(tenant, token).status()).isEqualTo(200);
    assertThat(platform.upstream.last().values("Authorization")).containsExactly("Bearer " + token);
  }

  @Test
  void isNothingAtAnotherTenant() throws Exception {
    try (TestIssuer others = new TestIssuer()) {
      TestTenant other = tenant();
      trust(others.of(other.edge().id()));
      assertThat(get(tenant, issuer.token()).status()).isEqualTo(200);
      assertThat(get(other, others.token()).status()).isEqualTo(200);

      Response refused = get(other, issuer.token());
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate"))
          .isEqualTo("Bearer realm=\"gatehouse\", error=\"invalid_token\"");
      assertThat(get(tenant, others.token()).status()).isEqualTo(401);
    }
  }

  @Test
  void tellsTheHolderOfAGenuineTokenWhatIsWrongWithIt() throws Exception {
    @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
    Date past = Date.from(Instant.now().minusSeconds(60));
    Response expired = get(tenant, issuer.token(issuer.claims().expirationTime(past).build()));
    assertThat(expired.status()).isEqualTo(401);
    assertThat(new JsonObject(expired.body()).getString("detail"))
        .isEqualTo("The token has expired.");
    Response strange = get(tenant, "a.b.c");
    assertThat(new JsonObject(strange.body()).getString("detail"))
        .isEqualTo("The credential is not valid here.");
  }

  @Test
  void overlooksNoBadCredentialForAGoodOne() throws Exception {
    String key = tenant.key().reveal();
    assertThat(get(tenant, key).status()).as("a key is a bearer token, too").isEqualTo(200);
    assertThat(get(tenant, issuer.token(), "X-API-Key: " + key).status()).isEqualTo(200);
    assertThat(Contexts.in(platform.upstream.last()).getString("sub"))
        .as("what users prove counts before machines")
        .isEqualTo("alice");
    String bad = "X-API-Key: gh_0000000000000000_" + "A".repeat(43);
    assertThat(get(tenant, issuer.token(), bad).status()).isEqualTo(401);
    assertThat(get(tenant, "a.b.c", "X-API-Key: " + key).status()).isEqualTo(401);
    assertThat(get(tenant, issuer.token(), "Authorization: Bearer " + key).status())
        .as("two different ones in one place")
        .isEqualTo(401);
  }

  @Test
  void letsNobodyInByATokenWhereTheTenantHasNone() throws Exception {
    TestTenant withoutTokens = platform.tenant();
    trust(issuer.of(withoutTokens.edge().id()));
    assertThat(get(withoutTokens, issuer.token()).status()).isEqualTo(401);
  }

  @Test
  void fetchesKeysOnceForManyRequestsAndForgetsNoBody() throws Exception {
    issuer.hold();
    List<CompletableFuture<Response>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiting.add(beside(() -> post("x".repeat(100_000))));
    }
    Eventually.holds(() -> issuer.asked.get() > 0 && waitingForKeys() == 8);
    issuer.release();
    for (CompletableFuture<Response> each : waiting) {
      assertThat(each.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    }
    assertThat(issuer.asked).hasValue(1);
    assertThat(platform.upstream.last().body().length()).isEqualTo(100_000);
  }

  private Response post(String body) throws IOException, JOSEException {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "POST /?mode= HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(tenant.host(), issuer.token(), body.length(), body));
      return client.read();
    }
  }

  private double waitingForKeys() {
    try {
      return RawClient.send(
              platform.gateway.adminPort(), "GET /metrics HTTP/1.1", "Host: localhost")
          .body()
          .lines()
          .filter(line -> line.startsWith("gatehouse_tokens_total{outcome=\"waited-for-keys\"}"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysThatTheIssuerDoesNotAnswer() throws Exception {
    issuer.answerWith(500);
    Response unavailable = get(tenant, issuer.token());
    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.header("Retry-After")).isEqualTo("1");
    assertThat(new JsonObject(unavailable.body()).getString("type"))
        .endsWith("/identity-provider-unavailable");
    issuer.answerWith(200);
    Eventually.holds(() -> statusOf(issuer) == 200);
  }

  @Test
  void goesOnWhileTheIssuerIsDown() throws Exception {
    assertThat(get(tenant, issuer.token()).status()).isEqualTo(200);
    issuer.answerWith(500);
    assertThat(get(tenant, issuer.token(issuer.claims().jwtID("2").build())).status())
        .isEqualTo(200);
  }

  @Test
  void learnsOfANewKey() throws Exception {
    assertThat(get(tenant, issuer.token()).status()).isEqualTo(200);
    String next = TestIssuer.sign(issuer.claims().build(), issuer.addKey("k2"));
    Eventually.holds(() -> statusOf(next) == 200);
  }

  private int statusOf(TestIssuer of) {
    try {
      return statusOf(of.token());
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private int statusOf(String token) {
    try {
      return get(tenant, token).status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void connectsToNoPlaceInsideThePlatform() throws Exception {
    platform.close();
    start(AuthenticateConfig.DEFAULT);
    assertThat(get(tenant, issuer.token()).status()).isEqualTo(503);
    assertThat(issuer.asked).hasValue(0);
  }

  @Test
  void endsWhatIsUnderWayByARevokedToken() throws Exception {
    try (RawClient stream = endless()) {
      trust(with(trusted, false, Optional.of(Instant.now().plusSeconds(1))));

      assertThat(stream.isClosedByPeer()).isTrue();
      assertThat(get(tenant, issuer.token()).status()).isEqualTo(401);
    }
  }

  @Test
  void takesNoOddSpellingForNoToken() throws Exception {
    TestTenant open =
        platform.tenant(edge ->
            Platform.with(edge, Set.of(AuthenticationMethod.JWT, AuthenticationMethod.ANONYMOUS)));
    int port = platform.gateway.httpPort();
    String request = "GET / HTTP/1.1";
    String host = "Host: " + open.host();
    assertThat(RawClient.send(port, request, host).status()).isEqualTo(200);
    for (String odd : List.of("Bearer\tx.y.z", "Bearer", "bearer  x", "BEARER null")) {
      assertThat(RawClient.send(port, request, host, "Authorization: " + odd).status())
          .as(odd)
          .isEqualTo(401);
    }
    assertThat(
            RawClient.send(
                    port, request, host, "Authorization: Bearer bnVsbA.e30.AA", "Accept: */*")
                .status())
        .as("a header that is the word null")
        .isEqualTo(401);
    assertThat(RawClient.send(port, request, host, "Authorization: Bearers x").status())
        .as("another scheme is the service's affair")
        .isEqualTo(200);
  }

  @Test
  void endsWhatIsUnderWayWhenTheProviderAsksForMore() throws Exception {
    try (RawClient stream = endless()) {
      trust(
          EdgeIdentityProvider.of(
              trusted.id(),
              trusted.tenantId(),
              trusted.name(),
              trusted.issuer(),
              trusted.keys(),
              Set.of("https://other.example")));
      assertThat(stream.isClosedByPeer()).isTrue();
    }
  }

  private RawClient endless() throws Exception {
    RawClient stream = new RawClient(platform.gateway.httpPort());
    stream.write(
        "GET /?mode=endless HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(tenant.host(), issuer.token()));
    assertThat(stream.readHead().status()).isEqualTo(200);
    return stream;
  }

  @Test
  void explainsWithoutForwarding() throws Exception {
    assertThat(get(tenant, issuer.token()).status()).isEqualTo(200);
    assertThat(explain(issuer.token())).contains("the caller is alice (jwt)");
    try (TestIssuer other = new TestIssuer()) {
      assertThat(explain(other.token()))
          .contains("\"tokenFault\":\"unknown-issuer\"")
          .contains("The credential is not valid here. (unknown-issuer)");
    }
  }

  private String explain(String token) throws IOException {
    String query =
        "/explain?url=http%3A%2F%2F"
            + tenant.host()
            + "%2F&header=Authorization%3A%20Bearer%20"
            + token;
    Response explained =
        RawClient.send(
            platform.gateway.adminPort(), "GET " + query + " HTTP/1.1", "Host: localhost");
    assertThat(explained.status()).isEqualTo(200);
    return explained.body();
  }

  private static <T> CompletableFuture<T> beside(Call<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        result.complete(call.run());
      } catch (Exception e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  private interface Call<T> {
    T run() throws Exception;
  }
}
