package dev.gatehouse.controlplane.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessTest {
  private final ApiClient api = RunningControlPlane.operator();

  @Test
  void refusesCallersWithoutAValidOperatorToken() {
    String unknown = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
    for (String token : List.of("", "x", unknown, RunningControlPlane.gatewayToken())) {
      Reply reply = RunningControlPlane.withToken(token).get("/v1/tenants");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.problem()).isEqualTo("unauthenticated");
      assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer ");
    }
    Reply basic =
        RunningControlPlane.withToken("").get("/v1/tenants", "Authorization", "Basic YTpi");
    assertThat(basic.status()).isEqualTo(401);
  }

  @Test
  void refusesARevokedTokenAtOnce() {
    Reply created = createToken("operator");
    ApiClient other = RunningControlPlane.withToken(created.json().getString("secret"));
    assertThat(other.get("/v1/tenants").status()).isEqualTo(200);
    assertThat(api.delete(created.header("Location")).status()).isEqualTo(204);
    assertThat(other.get("/v1/tenants").status()).isEqualTo(401);
    assertThat(api.delete(created.header("Location")).status()).isEqualTo(404);
  }

  @Test
  void showsTheSecretOfATokenOnce() {
    Reply created = createToken("gateway");
    JsonObject listed = find(api.get("/v1/tokens?limit=200"), created.json().getString("id"));
    JsonObject expected = created.json();
    expected.remove("secret");
    assertThat(listed).isEqualTo(expected);
  }

  @Test
  void letsGatewaysReportWithTheirToken() {
    JsonObject applied = new JsonObject().put("gateway", "gw-access").put("revision", 0);
    ApiClient gateway = RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
    assertThat(gateway.post("/edge/v1/applied", applied).status()).isEqualTo(204);
    assertThat(api.post("/edge/v1/applied", applied).status()).isEqualTo(401);
  }

  @Test
  void makesListsAndRevokesApiKeys() {
    String keys = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/api-keys";
    JsonObject wanted =
        new JsonObject()
            .put("subject", "ci")
            .put("roles", JsonArray.of("deployer", "admin"))
            .put("expiresAt", "2099-01-01T00:00:00Z");
    Reply created = api.post(keys, wanted);

    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    SecretToken secret =
        SecretToken.parse(SecretToken.Kind.API_KEY, created.json().getString("secret"))
            .orElseThrow();
    assertThat(secret.id()).isEqualTo(created.json().getString("id"));
    JsonObject listed = find(api.get(keys), secret.id());
    assertThat(listed.getJsonArray("roles")).isEqualTo(JsonArray.of("admin", "deployer"));
    assertThat(listed.getString("expiresAt")).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(listed.containsKey("secret")).isFalse();
    assertThat(api.delete(created.header("Location")).status()).isEqualTo(204);
    assertThat(api.get(keys).json().getJsonArray("items")).isEmpty();
    assertThat(api.delete(created.header("Location")).problem()).isEqualTo("api-key-not-found");
  }

  @Test
  void showsWhenAGatewayHasSeenAnApiKey() {
    String keys = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/api-keys";
    Reply created = api.post(keys, new JsonObject().put("subject", "ci"));
    String id = created.json().getString("id");
    ApiClient gateway = RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
    Instant seen = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);

    report(gateway, new JsonObject().put(id, seen.toEpochMilli()).put("0000000000000000", 1L));
    assertThat(lastUse(created)).isEqualTo(seen.toString());

    report(gateway, new JsonObject().put(id, seen.minusSeconds(60).toEpochMilli()));
    assertThat(lastUse(created)).isEqualTo(seen.toString());

    report(gateway, new JsonObject().put(id, seen.plusSeconds(86_400).toEpochMilli()));
    assertThat(Instant.parse(lastUse(created))).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void refusesReportsOfKeysThatAreNone() {
    ApiClient gateway = RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
    JsonObject tooMany = new JsonObject();
    for (int i = 0; i <= 1000; i++) {
      tooMany.put("%016x".formatted(i), 1_000_000_000_000L);
    }
    for (Object keys :
        List.of(
            "x",
            tooMany,
            new JsonObject().put("'; DROP", 1_000_000_000_000L),
            new JsonObject().put("0123456789abcdef", "now"),
            new JsonObject().put("0123456789abcdef", -1L))) {
      Reply reply = gateway.post("/edge/v1/keys-used", new JsonObject().put("keys", keys));
      assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    }
    assertThat(gateway.send("POST", "/edge/v1/keys-used", "{").status()).isEqualTo(400);
    assertThat(api.post("/edge/v1/keys-used", new JsonObject()).status()).isEqualTo(401);
  }

  private String lastUse(Reply created) {
    return api.get(created.header("Location")).json().getString("lastUsedAt");
  }

  private static void report(ApiClient gateway, JsonObject keys) {
    Reply reply = gateway.post("/edge/v1/keys-used", new JsonObject().put("keys", keys));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(204);
  }

  @Test
  void doesNotFindTheKeyOfAnotherTenant() {
    String one = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    String id =
        api.post(one + "/api-keys", new JsonObject().put("subject", "x")).json().getString("id");
    assertThat(api.delete(other + "/api-keys/" + id).status()).isEqualTo(404);
    assertThat(api.get(one + "/api-keys").json().getJsonArray("items")).hasSize(1);
  }

  @Test
  void refusesAnExpiryInThePast() {
    String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    JsonObject wanted =
        new JsonObject().put("subject", "x").put("expiresAt", "2020-01-01T00:00:00Z");
    Reply reply = api.post(tenant + "/api-keys", wanted);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.pointers()).containsExactly("/expiresAt");
  }

  private Reply createToken(String kind) {
    JsonObject token = new JsonObject().put("kind", kind).put("name", "a token");
    if (kind.equals("operator")) {
      token.put("role", "admin");
    }
    Reply created = api.post("/v1/tokens", token);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private static JsonObject find(Reply page, String id) {
    return page.json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .filter(item -> item.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }
}
