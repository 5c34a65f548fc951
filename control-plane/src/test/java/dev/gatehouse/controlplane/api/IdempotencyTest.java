package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdempotencyTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String key = UUID.randomUUID().toString();

  @Test
  void givesTheFirstAnswerAgain() {
    JsonObject tenant = Fresh.tenant();
    Reply first = api.post("/v1/tenants", tenant, "Idempotency-Key", key);
    Reply second = api.post("/v1/tenants", tenant, "Idempotency-Key", "\"" + key + "\"");

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.text()).isEqualTo(first.text());
    for (String header : List.of("Location", "ETag", "Gatehouse-Revision")) {
      assertThat(second.header(header)).isEqualTo(first.header(header));
    }
  }

  @Test
  void givesASecretAgainToTheSameCallerOnly() {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/api-keys";
    JsonObject wanted = new JsonObject().put("subject", "ci");
    Reply first = api.post(path, wanted, "Idempotency-Key", key);
    assertThat(api.post(path, wanted, "Idempotency-Key", key).json().getString("secret"))
        .isEqualTo(first.json().getString("secret"));

    JsonObject token =
        new JsonObject().put("kind", "operator").put("name", "another").put("role", "admin");
    ApiClient other =
        RunningControlPlane.withToken(api.post("/v1/tokens", token).json().getString("secret"));
    assertThat(other.post(path, wanted, "Idempotency-Key", key).json().getString("secret"))
        .isNotEqualTo(first.json().getString("secret"));
  }

  @Test
  void refusesTheKeyForAnotherRequest() {
    api.post("/v1/tenants", Fresh.tenant(), "Idempotency-Key", key);
    JsonObject other = Fresh.tenant();
    Reply reply = api.post("/v1/tenants", other, "Idempotency-Key", key);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.problem()).isEqualTo("idempotency-key-reused");
    assertThat(api.get("/v1/tenants/" + other.getString("slug")).status()).isEqualTo(404);
  }

  @Test
  void letsARefusedRequestBeTriedAgain() {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    assertThat(api.send("POST", path + "/resume", "", "Idempotency-Key", key).status())
        .isEqualTo(409);
    api.post(path + "/suspend");
    assertThat(api.send("POST", path + "/resume", "", "Idempotency-Key", key).status())
        .isEqualTo(200);
  }

  @Test
  void performsParallelAttemptsOnce() {
    JsonObject tenant = Fresh.tenant();
    List<Reply> replies =
        Concurrently.call(10, _ -> api.post("/v1/tenants", tenant, "Idempotency-Key", key));
    assertThat(replies).extracting(Reply::status).containsOnly(201);
    assertThat(replies).extracting(Reply::text).containsOnly(replies.getFirst().text());
  }

  @Test
  void rotatesTheSigningKeyOnceForOneKey() {
    Reply first = api.send("POST", "/v1/signing-keys/rotate", "", "Idempotency-Key", key);
    Reply second = api.send("POST", "/v1/signing-keys/rotate", "", "Idempotency-Key", key);

    assertThat(first.status()).as(first.toString()).isEqualTo(200);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("Gatehouse-Revision")).isEqualTo(first.header("Gatehouse-Revision"));
  }

  @Test
  void rotatesTheKeyOfThePurposeThatIsAskedFor() {
    String rotate = "/v1/signing-keys/rotate?purpose=";

    for (String purpose : List.of("context", "message", "login")) {
      Reply rotated = api.send("POST", rotate + purpose, "");
      assertThat(rotated.status()).as(rotated.toString()).isEqualTo(200);
      assertThat(rotated.json().getString("purpose")).isEqualTo(purpose);
    }
    Reply unknown = api.send("POST", rotate + "audit", "");
    assertThat(unknown.status()).isEqualTo(400);
  }

  @Test
  void refusesKeysThatCannotBeKept() {
    for (String bad : List.of("", "\"", "a\tb", "x".repeat(256))) {
      Reply reply = api.post("/v1/tenants", Fresh.tenant(), "Idempotency-Key", bad);
      assertThat(reply.status()).as(bad).isEqualTo(400);
      assertThat(reply.problem()).isEqualTo("invalid-idempotency-key");
    }
  }
}
