package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the gateway lets in. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CredentialsTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "API_KEY | A credential is needed: an API key as X-API-Key or bearer token.",
        "JWT INTROSPECTION | A credential is needed: a bearer token.",
        "SESSION | A credential is needed: the session of a user who has logged in.",
        "CLIENT_CERTIFICATE | A credential is needed: a client certificate.",
        "API_KEY SESSION | A credential is needed: an API key as X-API-Key or bearer token, or the session of a user who has logged in.",
        "'' | Nobody is let in here."
      })
  void namesTheCredentialsThatTheTenantAccepts(String methods, String detail) throws Exception {
    Set<AuthenticationMethod> accepted =
        Arrays.stream(methods.split(" ", -1))
            .filter(name -> !name.isEmpty())
            .map(AuthenticationMethod::valueOf)
            .collect(Collectors.toSet());
    TestTenant tenant = platform.tenant(edge -> Platform.with(edge, accepted));

    Response refused = get(tenant.host());

    assertThat(refused.status()).isEqualTo(401);
    assertThat(new JsonObject(refused.body()).getString("detail")).isEqualTo(detail);
  }

  private static String problemOf(Response response) {
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    String type = new JsonObject(response.body()).getString("type");
    return type.substring(type.lastIndexOf('/') + 1);
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
}
