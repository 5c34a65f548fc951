package dev.gatehouse.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlansTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String plan = "p-" + UUID.randomUUID();

  @Test
  void createsReadsChangesAndDeletesAPlan() {
    Reply created = api.post("/v1/plans", plan(JsonObject.of("requestsPerSecond", 10)));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String path = created.header("Location");
    assertThat(api.get(path).json()).isEqualTo(created.json());
    Reply patched = api.patch(path, limits("burst", 20), "If-Match", "\"1\"");
    assertThat(patched.json().getJsonObject("limits"))
        .isEqualTo(JsonObject.of("requestsPerSecond", 10, "burst", 20));
    assertThat(api.patch(path, limits("burst", 30), "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).problem()).isEqualTo("plan-not-found");
  }

  @Test
  void refusesASecondPlanOfTheName() {
    api.post("/v1/plans", plan(new JsonObject()));
    Reply second = api.post("/v1/plans", plan(new JsonObject()));
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.problem()).isEqualTo("plan-name-taken");
    assertThat(second.pointers()).containsExactly("/name");
  }

  @Test
  void refusesABurstWithoutARate() {
    Reply refused = api.post("/v1/plans", plan(JsonObject.of("burst", 10)));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/limits/requestsPerSecond");
  }

  @Test
  void namesThePlanThatATenantCannotBeOn() {
    Reply refused = api.post("/v1/tenants", tenantOn("nobodys-plan"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("unknown-plan");
    assertThat(refused.pointers()).containsExactly("/billing/plan");
  }

  @Test
  void keepsAPlanThatTenantsAreOn() {
    Reply created = api.post("/v1/plans", plan(new JsonObject()));
    Reply tenant = api.post("/v1/tenants", tenantOn(plan));
    assertThat(api.delete(created.header("Location")).problem()).isEqualTo("plan-in-use");
    api.patch(tenant.header("Location"), JsonObject.of("billing", JsonObject.of("plan", null)));
    assertThat(api.delete(created.header("Location")).status()).isEqualTo(204);
  }

  @Test
  void tellsWhichValueHoldsAndWhereItComesFrom() {
    api.post("/v1/plans", plan(JsonObject.of("requestsPerSecond", 500, "customDomains", 20)));
    String path = api.post("/v1/tenants", tenantOn(plan)).header("Location");
    Reply changed = api.patch(path + "/limits", JsonObject.of("requestsPerSecond", 50));
    assertThat(changed.json())
        .isEqualTo(JsonObject.of("requestsPerSecond", 50, "customDomains", 20, "weight", 1));

    JsonObject explained = api.get(path + "/limits?explain").json();
    assertThat(explained.getString("plan")).isEqualTo(plan);
    assertThat(item(explained, "/requestsPerSecond"))
        .isEqualTo(
            JsonObject.of("pointer", "/requestsPerSecond", "value", 50, "source", "tenant")
                .put("candidates", JsonObject.of("plan", 500, "tenant", 50)));
    assertThat(item(explained, "/customDomains").getString("source")).isEqualTo("plan");
    assertThat(item(explained, "/customDomains").getJsonObject("candidates"))
        .isEqualTo(JsonObject.of("platform", 1000, "plan", 20));
    assertThat(item(explained, "/weight").getString("source")).isEqualTo("platform");
  }

  @Test
  void letsThePlansValueHoldAgainWhereTheTenantsIsTakenAway() {
    api.post("/v1/plans", plan(JsonObject.of("requestsPerSecond", 500)));
    String path = api.post("/v1/tenants", tenantOn(plan)).header("Location");
    api.patch(path + "/limits", JsonObject.of("requestsPerSecond", 50));
    Reply reset = api.patch(path + "/limits", JsonObject.of("requestsPerSecond", null));
    assertThat(reset.json().getInteger("requestsPerSecond")).isEqualTo(500);
  }

  @Test
  void letsATenantOverrideTheBurstOfItsPlansRateOnly() {
    api.post("/v1/plans", plan(JsonObject.of("requestsPerSecond", 5)));
    String path = api.post("/v1/tenants", tenantOn(plan)).header("Location");
    assertThat(api.patch(path + "/limits", JsonObject.of("burst", 50)).status()).isEqualTo(200);
    String without = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    Reply refused = api.patch(without + "/limits", JsonObject.of("burst", 50));
    assertThat(refused.pointers()).containsExactly("/requestsPerSecond");
    assertThat(api.patch(without, limits("burst", 50)).pointers())
        .containsExactly("/limits/requestsPerSecond");
  }

  @Test
  void laysFeaturesAndSettingsOverEachOtherMemberByMember() {
    JsonObject sso = JsonObject.of("authentication", JsonObject.of("sso", true));
    api.post(
        "/v1/plans",
        plan(new JsonObject())
            .put("features", sso)
            .put("settings", JsonObject.of("locale", "de", "currency", "EUR")));
    String path = api.post("/v1/tenants", tenantOn(plan)).header("Location");
    JsonObject mfa = JsonObject.of("authentication", JsonObject.of("mfa", true));
    assertThat(api.patch(path + "/features", mfa).json().getJsonObject("authentication"))
        .isEqualTo(JsonObject.of("social", true, "sso", true, "mfa", true));
    assertThat(api.patch(path + "/settings", JsonObject.of("locale", "fr")).json())
        .isEqualTo(JsonObject.of("timezone", "UTC", "locale", "fr", "currency", "EUR"));
  }

  @Test
  void refusesWhatNoLimitCanBe() {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    Reply refused =
        api.patch(path + "/limits", JsonObject.of("requestsPerSecond", -1, "frobnicate", 1));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactlyInAnyOrder("/requestsPerSecond", "/frobnicate");
    assertThat(api.get(path + "/limits?explain=maybe").status()).isEqualTo(400);
  }

  @Test
  void holdsATenantToItsPlansNumberOfDomains() {
    api.post("/v1/plans", plan(JsonObject.of("customDomains", 1)));
    String path = api.post("/v1/tenants", tenantOn(plan)).header("Location");
    for (String expected : List.of("", "domain-limit-reached")) {
      Reply added = api.post(path + "/domains", JsonObject.of("host", Fresh.host()));
      assertThat(expected.isEmpty() ? "" : added.problem()).isEqualTo(expected);
    }
  }

  private JsonObject plan(JsonObject limits) {
    return JsonObject.of("name", plan, "limits", limits);
  }

  private static JsonObject limits(String name, int value) {
    return JsonObject.of("limits", JsonObject.of(name, value));
  }

  private static JsonObject tenantOn(String plan) {
    return Fresh.tenant().put("billing", JsonObject.of("plan", plan));
  }

  private static JsonObject item(JsonObject explained, String pointer) {
    JsonArray items = explained.getJsonArray("items");
    return items.stream()
        .map(JsonObject.class::cast)
        .filter(item -> item.getString("pointer").equals(pointer))
        .findFirst()
        .orElseThrow();
  }
}
