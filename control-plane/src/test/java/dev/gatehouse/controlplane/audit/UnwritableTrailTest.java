package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UnwritableTrailTest {
  private final String url = MigratedDatabase.freshUrl();
  private final AuditDatabase database = new AuditDatabase(url);

  @Test
  void whatCannotBeRecordedIsNotDone() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url)) {
      ApiClient operator = OneControlPlane.operator(controlPlane);
      String tenant = operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
      database.asOwner(
          "ALTER TABLE audit.entry ADD CONSTRAINT full_disk CHECK (action <> 'suspendTenant')");

      Reply refused = operator.post("/v1/tenants/" + tenant + "/suspend");

      assertThat(refused.status()).isEqualTo(500);
      assertThat(refused.header("Gatehouse-Revision")).isEmpty();
      JsonObject unchanged = operator.get("/v1/tenants/" + tenant).json();
      assertThat(unchanged.getString("status")).isEqualTo("active");
      database.asOwner("ALTER TABLE audit.entry DROP CONSTRAINT full_disk");
      assertThat(operator.post("/v1/tenants/" + tenant + "/suspend").status()).isEqualTo(200);
    }
  }

  @Test
  void aTenantWhoseChainIsHeldDoesNotDelayAnother() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url)) {
      ApiClient operator = OneControlPlane.operator(controlPlane);
      String held = operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
      String other = operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
      try (AuditDatabase.Hold _ =
          database.hold("SELECT FROM audit.chain WHERE id = '%s' FOR UPDATE".formatted(held))) {
        assertThat(
                operator
                    .post("/v1/tokens", JsonObject.of("kind", "gateway", "name", "gw"))
                    .status())
            .isEqualTo(201);
        assertThat(
                operator
                    .post("/v1/tenants/" + other + "/api-keys", JsonObject.of("subject", "s"))
                    .status())
            .isEqualTo(201);
      }
    }
  }

  @Test
  void recordsStartsAndTheKeysThatTheyMade() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url)) {
      Reply trail = OneControlPlane.operator(controlPlane).get("/v1/audit");
      assertThat(trail.text()).contains("control-plane.start", "signing-key.create");
      JsonObject newest =
          trail.json().getJsonArray("items").getJsonObject(0).getJsonObject("entry");
      assertThat(newest.getJsonObject("actor").getString("kind")).isEqualTo("system");
    }
  }

  @Test
  void recordsRefusalsAsANumber() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url)) {
      ApiClient operator = OneControlPlane.operator(controlPlane);
      String token = controlPlane.firstTokens().orElseThrow().operatorToken();
      String id = token.split("_", -1)[1];
      String wrong = token.substring(0, token.length() - 6) + "AAAAAA";
      for (int i = 0; i < 30; i++) {
        assertThat(OneControlPlane.client(controlPlane, wrong).get("/v1/tenants").status())
            .isEqualTo(401);
      }
      assertThat(operator.delete("/v1/tokens/" + id).problem()).isEqualTo("last-operator-token");

      long counted = 0;
      while (counted < 30) {
        counted = 0;
        for (Object item : operator.get("/v1/audit?actor=" + id).json().getJsonArray("items")) {
          JsonObject entry = ((JsonObject) item).getJsonObject("entry");
          if (entry.getJsonObject("actor").getString("kind").equals("claimed-token")) {
            assertThat(entry.getString("problem")).endsWith("/unauthenticated");
            assertThat(entry.getString("outcome")).isEqualTo("refused");
            counted += entry.getLong("count");
          }
        }
        LockSupport.parkNanos(50_000_000);
      }
      assertThat(counted).isEqualTo(30);
      while (!operator.get("/v1/audit?action=revokeToken").text().contains("last-operator-token")) {
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  @Test
  void recordsWhoGrantsThemselvesMoreAndTheLastOwnerWhoLeaves() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url)) {
      ApiClient operator = OneControlPlane.operator(controlPlane);
      String tenant = operator.post("/v1/tenants", Fresh.tenant()).header("Location");
      JsonObject membership =
          new JsonObject().put("tenant", tenant.replace("/v1/tenants/", "")).put("role", "owner");
      String owner = operator.post("/v1/users", Person.identity()).json().getString("id");
      operator.post("/v1/users/" + owner + "/memberships", membership);
      JsonObject support =
          new JsonObject().put("kind", "operator").put("name", "s").put("role", "support");
      ApiClient narrow =
          OneControlPlane.client(
              controlPlane, operator.post("/v1/tokens", support).json().getString("secret"));

      assertThat(narrow.post("/v1/tokens", support.copy().put("role", "admin")).status())
          .isEqualTo(403);
      assertThat(operator.delete(tenant + "/members/" + owner).problem()).isEqualTo("last-owner");

      awaitRefusal(operator, "/v1/audit?action=createToken", "/forbidden");
      awaitRefusal(operator, "/v1/audit?action=removeMember", "/last-owner");
    }
  }

  private static void awaitRefusal(ApiClient operator, String path, String problem) {
    while (!operator.get(path).text().contains(problem)) {
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Test
  void saysNothingOfTokensThatSomebodyMadeUp() throws Exception {
    try (ControlPlane controlPlane = OneControlPlane.start(url)) {
      for (int i = 0; i < 100; i++) {
        String madeUp = "gho_%016x_%s".formatted(i, "A".repeat(43));
        OneControlPlane.client(controlPlane, madeUp).get("/v1/tenants");
      }
      ApiClient operator = OneControlPlane.operator(controlPlane);
      long counted = 0;
      while (counted < 100) {
        counted = 0;
        Reply trail = operator.get("/v1/audit?limit=200");
        assertThat(trail.text()).doesNotContain("%016x".formatted(7));
        for (Object item : trail.json().getJsonArray("items")) {
          counted += ((JsonObject) item).getJsonObject("entry").getLong("count", 0L);
        }
        LockSupport.parkNanos(50_000_000);
      }
      assertThat(counted).isEqualTo(100);
    }
  }
}
