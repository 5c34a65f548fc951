package dev.gatehouse.controlplane.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TokensTest {
  private final ApiClient api = RunningControlPlane.operator();

  @Test
  void limitsATokenToItsRoleAndScopes() {
    JsonObject made = issue(token("operator").put("scopes", JsonArray.of("services:read"))).json();
    ApiClient narrow = RunningControlPlane.withToken(made.getString("secret"));

    assertThat(narrow.get("/v1/services").status()).isEqualTo(200);
    assertThat(narrow.get("/v1/routes").problem()).isEqualTo("forbidden");
    assertThat(narrow.get("/v1/me").json().getJsonArray("permissions"))
        .isEqualTo(JsonArray.of("services:read"));
  }

  @Test
  void refusesAnOperatorsTokenWithoutARoleAndAGatewaysWithOne() {
    JsonObject without = new JsonObject().put("kind", "operator").put("name", "x");
    assertThat(api.post("/v1/tokens", without).pointers()).containsExactly("/role");
    assertThat(api.post("/v1/tokens", token("admin").put("kind", "gateway")).pointers())
        .containsExactly("/role");
    assertThat(api.post("/v1/tokens", token("root")).pointers()).containsExactly("/role");
    assertThat(api.post("/v1/tokens", token("admin").put("scopes", JsonArray.of("a:b"))).pointers())
        .containsExactly("/scopes/0");
  }

  @Test
  void makesNoTokenThatMayDoMoreThanItsMaker() {
    JsonArray scopes = JsonArray.of("tokens:read", "tokens:write", "domains:read");
    JsonObject made = issue(token("admin").put("scopes", scopes)).json();
    ApiClient narrow = RunningControlPlane.withToken(made.getString("secret"));
    String admin = issue(token("admin")).json().getString("id");

    assertThat(narrow.post("/v1/tokens", token("admin")).problem()).isEqualTo("forbidden");
    assertThat(narrow.post("/v1/tokens", token("support")).problem()).isEqualTo("forbidden");
    assertThat(narrow.post("/v1/tokens/" + admin + "/rotate").problem()).isEqualTo("forbidden");
    assertThat(narrow.delete("/v1/tokens/" + admin).problem()).isEqualTo("forbidden");
    // A gateway's token opens the feed, and with it the keys that sign.
    JsonObject gateway = new JsonObject().put("kind", "gateway").put("name", "rogue");
    assertThat(narrow.post("/v1/tokens", gateway).problem()).isEqualTo("forbidden");
    String edge = issue(gateway).json().getString("id");
    assertThat(narrow.post("/v1/tokens/" + edge + "/rotate").problem()).isEqualTo("forbidden");
    assertThat(narrow.delete("/v1/tokens/" + edge).problem()).isEqualTo("forbidden");
    Reply same =
        narrow.post("/v1/tokens", token("admin").put("scopes", JsonArray.of("domains:read")));
    assertThat(same.status()).as(same.toString()).isEqualTo(201);
  }

  @Test
  void opensNothingOnceItHasExpired() {
    Instant later = Instant.now().plus(Duration.ofHours(1));
    Reply made = issue(token("admin").put("expiresAt", later.toString()));
    ApiClient expiring = RunningControlPlane.withToken(made.json().getString("secret"));
    assertThat(expiring.get("/v1/me").status()).isEqualTo(200);

    age(made.json().getString("id"));

    assertThat(expiring.get("/v1/me").status()).isEqualTo(401);
    assertThat(api.post(made.header("Location") + "/rotate").problem()).isEqualTo("token-expired");
  }

  @Test
  void isValidForAWhileBesideItsSuccessor() {
    Reply old = issue(token("support").put("scopes", JsonArray.of("tenants:read")));
    Instant end =
        Instant.now().plus(Duration.ofHours(2)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);

    Reply successor =
        api.post(
            old.header("Location") + "/rotate",
            new JsonObject().put("previousExpiresAt", end.toString()));

    assertThat(successor.status()).as(successor.toString()).isEqualTo(201);
    assertThat(successor.json().getString("role")).isEqualTo("support");
    assertThat(successor.json().getJsonArray("scopes")).isEqualTo(JsonArray.of("tenants:read"));
    assertThat(api.get(old.header("Location")).json().getString("expiresAt"))
        .isEqualTo(end.toString());
    for (Reply one : List.of(old, successor)) {
      ApiClient holder = RunningControlPlane.withToken(one.json().getString("secret"));
      assertThat(holder.get("/v1/tenants").status()).isEqualTo(200);
    }
    age(old.json().getString("id"));
    assertThat(RunningControlPlane.withToken(old.json().getString("secret")).get("/v1/me").status())
        .isEqualTo(401);
  }

  @Test
  void isRotatedOnce() {
    String key = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/api-keys";
    Reply ofTenant = api.post(key, new JsonObject().put("subject", "ci"));
    for (Reply old : List.of(issue(token("support")), ofTenant)) {
      Reply successor = api.post(old.header("Location") + "/rotate");
      assertThat(successor.json().getString("previousUntil")).isNotEmpty();
      assertThat(successor.json().containsKey("expiresAt")).as("it had no end").isFalse();

      Reply again = api.post(old.header("Location") + "/rotate");

      assertThat(again.problem()).isEqualTo("token-rotated");
      assertThat(again.json().getString("detail")).contains(successor.json().getString("id"));
      assertThat(api.post(successor.header("Location") + "/rotate").status()).isEqualTo(201);
    }
  }

  @Test
  void boundsTheOverlapOfARotation() {
    Reply old = issue(token("support"));
    for (Duration wrong : List.of(Duration.ofDays(8), Duration.ofMinutes(-1))) {
      JsonObject rotation =
          new JsonObject().put("previousExpiresAt", Instant.now().plus(wrong).toString());
      assertThat(api.post(old.header("Location") + "/rotate", rotation).pointers())
          .containsExactly("/previousExpiresAt");
    }
  }

  @Test
  void livesAfterARotationAsLongAsItWasToLive() {
    Instant later = Instant.now().plus(Duration.ofDays(30));
    Reply old = issue(token("support").put("expiresAt", later.toString()));

    JsonObject successor = api.post(old.header("Location") + "/rotate").json();

    Duration life =
        Duration.between(
            Instant.parse(successor.getString("createdAt")),
            Instant.parse(successor.getString("expiresAt")));
    assertThat(life).isCloseTo(Duration.ofDays(30), Duration.ofMinutes(5));
  }

  @Test
  void bindsACursorToItsCaller() {
    api.post("/v1/users", dev.gatehouse.controlplane.Person.identity());
    api.post("/v1/users", dev.gatehouse.controlplane.Person.identity());
    String cursor = api.get("/v1/users?limit=1").json().getString("nextCursor");
    ApiClient other =
        RunningControlPlane.withToken(issue(token("admin")).json().getString("secret"));

    assertThat(api.get("/v1/users?limit=1&cursor=" + cursor).status()).isEqualTo(200);
    assertThat(other.get("/v1/users?limit=1&cursor=" + cursor).problem())
        .isEqualTo("invalid-cursor");
  }

  @Test
  void isRevokedOnceWhereManyTryAtOnce() {
    Reply made = issue(token("admin"));
    List<Reply> replies = Concurrently.call(5, _ -> api.delete(made.header("Location")));
    assertThat(replies).filteredOn(reply -> reply.status() == 204).hasSize(1);
    assertThat(replies).filteredOn(reply -> reply.status() == 404).hasSize(4);
  }

  @Test
  void endsTheFeedThatIsOpenByATokenThatWasRevoked() throws Exception {
    Reply made = issue(JsonObject.of("kind", "gateway", "name", "Europe", "gateway", "leaving"));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/edge/v1/feed?gateway=leaving"
                        .formatted(RunningControlPlane.port())))
            .header("Authorization", "Bearer " + made.json().getString("secret"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient();
        Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
      Iterator<String> feed = lines.iterator();
      assertThat(feed.next()).contains("snapshot-begin");
      api.delete(made.header("Location"));
      assertThatThrownBy(() -> feed.forEachRemaining(_ -> {}))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void isAGatewaysUnderTheNamesThatItIsFor() {
    JsonObject wanted = JsonObject.of("kind", "gateway", "name", "Europe", "gateway", "edge-eu-*");
    Reply made = issue(wanted);
    Reply successor = api.post(made.header("Location") + "/rotate");
    assertThat(successor.json().getString("gateway")).isEqualTo("edge-eu-*");
    assertThat(api.get(made.header("Location")).json().getString("gateway")).isEqualTo("edge-eu-*");

    for (Reply one : List.of(made, successor)) {
      ApiClient gateway = RunningControlPlane.withToken(one.json().getString("secret"));
      said("edge-eu-1")
          .forEach((path, body) ->
              assertThat(gateway.post(path, body).status()).as(path).isEqualTo(204));
      for (String other : List.of("edge-us-1", "edge-eu", "Edge-eu-1")) {
        said(other)
            .forEach((path, body) -> {
              Reply refused = gateway.post(path, body);
              assertThat(refused.problem()).as(path).isEqualTo("forbidden");
              assertThat(refused.json().getString("detail")).contains("edge-eu-*", other);
            });
        assertThat(gateway.get("/edge/v1/feed?gateway=" + other).problem()).isEqualTo("forbidden");
      }
    }
    assertThat(api.get("/v1/gateways").text()).contains("edge-eu-1").doesNotContain("edge-us-1");
  }

  @Test
  void refusesNamesThatNoGatewayHas() {
    JsonObject gateway = JsonObject.of("kind", "gateway", "name", "x");
    for (String wrong : List.of("", "a b", "*a", "a**", "a".repeat(129))) {
      assertThat(api.post("/v1/tokens", gateway.copy().put("gateway", wrong)).pointers())
          .containsExactly("/gateway");
    }
    assertThat(api.post("/v1/tokens", token("admin").put("gateway", "a")).pointers())
        .containsExactly("/gateway");
  }

  /** All that a gateway says in its own name. */
  private static Map<String, JsonObject> said(String gateway) {
    UUID run = UUID.randomUUID();
    Instant now = Instant.now();
    return Map.of(
        FeedMessage.APPLIED_PATH,
        JsonObject.of("gateway", gateway, "revision", 0),
        UsageReport.PATH,
        json(
            new UsageReport(gateway, run, 1, now.minusSeconds(9), now, List.of(), Optional.empty())
                .encode()),
        EndpointReport.PATH,
        json(new EndpointReport(gateway, List.of(), 0).encode()),
        SecurityReport.PATH,
        json(new SecurityReport(gateway, run, 1, List.of(), 0).encode()),
        ExplainAnswer.PATH,
        json(
            new ExplainAnswer(gateway, run, Optional.empty(), Optional.empty(), Optional.of("no"))
                .encode()));
  }

  private static JsonObject json(byte[] text) {
    return new JsonObject(Buffer.buffer(text));
  }

  private Reply issue(JsonObject token) {
    Reply made = api.post("/v1/tokens", token);
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made;
  }

  private static void age(String id) {
    RunningControlPlane.sql(
        "UPDATE access_token SET expires_at = now() - interval '1 second' WHERE id = '" + id + "'");
  }

  private static JsonObject token(String role) {
    return new JsonObject().put("kind", "operator").put("name", "a token").put("role", role);
  }
}
