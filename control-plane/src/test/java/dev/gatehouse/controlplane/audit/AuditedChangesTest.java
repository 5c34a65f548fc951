package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AuditedChangesTest {
  private final ApiClient operator = RunningControlPlane.operator();

  @Test
  void recordsWhoDidWhatFromWhereWithBeforeAndAfter() {
    String id = newTenant();
    Reply suspended =
        operator.post(
            "/v1/tenants/" + id + "/suspend",
            new JsonObject().put("reason", "unpaid"),
            "User-Agent",
            "billing/1.0",
            "X-Request-Id",
            "bill-7");
    assertThat(suspended.status()).isEqualTo(200);

    JsonObject entry = newest(id).getJsonObject("entry");

    assertThat(entry.getString("action")).isEqualTo("suspendTenant");
    assertThat(entry.getString("outcome")).isEqualTo("done");
    assertThat(entry.getString("resource")).isEqualTo("/v1/tenants/" + id + "/suspend");
    assertThat(entry.getString("requestId")).isEqualTo("bill-7");
    assertThat(entry.getJsonObject("client"))
        .isEqualTo(JsonObject.of("address", "127.0.0.1", "userAgent", "billing/1.0"));
    assertThat(entry.getJsonObject("actor").getString("kind")).isEqualTo("token");
    assertThat(entry.getJsonObject("actor").getString("name")).isEqualTo("first operator");
    assertThat(entry.getJsonObject("before").getString("status")).isEqualTo("active");
    assertThat(entry.getJsonObject("after").getString("status")).isEqualTo("suspended");
    assertThat(entry.getJsonObject("after").getString("statusReason")).isEqualTo("unpaid");
  }

  @Test
  void keepsTheTrailOfATenantApartFromThePlatforms() {
    String slug = Fresh.slug();
    String id =
        operator
            .post("/v1/tenants", new JsonObject().put("slug", slug).put("name", "One"))
            .json()
            .getString("id");
    operator.post("/v1/tenants/" + slug + "/domains", new JsonObject().put("host", Fresh.host()));
    operator.delete("/v1/tenants/" + slug);

    assertThat(actions(operator.get("/v1/audit?tenant=" + id)))
        .containsExactly("deleteTenant", "addDomain", "createTenant");
    assertThat(operator.get("/v1/tenants/" + id + "/audit").status()).isEqualTo(404);
    assertThat(operator.get("/v1/audit?limit=200").text()).doesNotContain(id);
  }

  @Test
  void recordsARefusedOrRepeatedRequestNotAgain() {
    String id = newTenant();
    JsonObject key = new JsonObject().put("subject", "ci");
    String once = UUID.randomUUID().toString();
    String path = "/v1/tenants/" + id + "/api-keys";
    operator.post(path, key, "Idempotency-Key", once);
    operator.post(path, key, "Idempotency-Key", once);
    operator.post("/v1/tenants/" + id + "/resume");

    assertThat(actions(operator.get("/v1/tenants/" + id + "/audit")))
        .containsExactly("createApiKey", "createTenant");
  }

  @Test
  void takesSecretsOut() {
    String id = newTenant();
    Reply key =
        operator.post("/v1/tenants/" + id + "/api-keys", new JsonObject().put("subject", "ci"));
    String secret = key.json().getString("secret");
    Reply token =
        operator.post("/v1/tokens", new JsonObject().put("kind", "gateway").put("name", "gw"));

    String trail = operator.get("/v1/tenants/" + id + "/audit").text();
    assertThat(trail).contains("[redacted]").doesNotContain(secret);
    assertThat(operator.get("/v1/audit?action=createToken&limit=200").text())
        .contains(token.json().getString("id"))
        .doesNotContain(token.json().getString("secret"));
  }

  @Test
  void numbersEntriesOfOneTenantWithoutAGapHoweverManyWriteAtOnce() {
    String id = newTenant();
    List<Reply> replies =
        Concurrently.call(
            20,
            i ->
                operator.post(
                    "/v1/tenants/" + id + "/api-keys", new JsonObject().put("subject", "s" + i)));
    assertThat(replies).allMatch(reply -> reply.status() == 201);

    JsonArray items = operator.get("/v1/tenants/" + id + "/audit").json().getJsonArray("items");
    assertThat(items.stream().map(item -> ((JsonObject) item).getLong("sequence")))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 21).map(n -> 22 - n).boxed().toList());
  }

  @Test
  void filtersAndPages() {
    String id = newTenant();
    for (int i = 0; i < 5; i++) {
      operator.post("/v1/tenants/" + id + "/api-keys", new JsonObject().put("subject", "s" + i));
    }
    String audit = "/v1/tenants/" + id + "/audit";
    JsonObject first = operator.get(audit + "?limit=2&action=createApiKey").json();
    JsonObject second =
        operator
            .get(audit + "?limit=2&action=createApiKey&cursor=" + first.getString("nextCursor"))
            .json();
    assertThat(sequences(first)).containsExactly(6L, 5L);
    assertThat(sequences(second)).containsExactly(4L, 3L);

    JsonArray all = operator.get(audit).json().getJsonArray("items");
    String third = all.getJsonObject(3).getString("time");
    assertThat(sequences(operator.get(audit + "?to=" + third).json())).containsExactly(2L, 1L);
    assertThat(sequences(operator.get(audit + "?limit=1&from=" + third).json()))
        .containsExactly(6L);
    assertThat(sequences(operator.get(audit + "?from=2999-01-01T00:00:00Z").json())).isEmpty();
    assertThat(sequences(operator.get(audit + "?to=1999-01-01T00:00:00Z").json())).isEmpty();
    assertThat(sequences(operator.get(audit + "?resource=/v1/tenants/" + id).json()))
        .containsExactly(1L);
    assertThat(sequences(operator.get(audit + "?actor=nobody").json())).isEmpty();
  }

  @Test
  void refusesFiltersThatAreNone() {
    for (String query :
        List.of("from=yesterday", "action=a%0d%0ab", "tenant=x", "from=%00", "sort=hash")) {
      assertThat(operator.get("/v1/audit?" + query).status()).as(query).isEqualTo(400);
    }
  }

  @Test
  void keepsLineBreaksInsideAnEntry() {
    String name = "a\r\n{\"forged\":true}\u0085\u2028\u001b[31m";
    String id =
        operator
            .post("/v1/tenants", new JsonObject().put("slug", Fresh.slug()).put("name", name))
            .json()
            .getString("id");

    String export = operator.get("/v1/tenants/" + id + "/audit/export").text();

    assertThat(export.split("\n", -1)).hasSize(4); // header, entry, end, nothing
    JsonObject entry = new JsonObject(export.split("\n", -1)[1]).getJsonObject("entry");
    assertThat(entry.getJsonObject("after").getString("name")).isEqualTo(name);
  }

  private String newTenant() {
    return operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
  }

  private JsonObject newest(String tenant) {
    return operator
        .get("/v1/tenants/" + tenant + "/audit?limit=1")
        .json()
        .getJsonArray("items")
        .getJsonObject(0);
  }

  private static List<Long> sequences(JsonObject page) {
    return page.getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getLong("sequence"))
        .toList();
  }

  private static List<String> actions(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return reply.json().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getJsonObject("entry").getString("action"))
        .toList();
  }
}
