package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.database.OlderDatabase;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of domains of the version before their control was proved. */
@Timeout(60)
class DomainMigrationTest {
  private static final String ROWS =
      """
      INSERT INTO tenant (id, slug, name, status, document)
      VALUES ('0197c0de-0000-7000-8000-000000000001', 'acme', 'Acme', 'active', '{}');
      INSERT INTO domain (host, tenant_id)
      VALUES ('shop.example.com', '0197c0de-0000-7000-8000-000000000001');
      """;

  @Test
  void domainsAreServedAsBefore() throws Exception {
    String url = TestBackends.freshDatabaseUrl();
    OlderDatabase.fill(url, "4", ROWS);
    try (ControlPlane controlPlane = RunningControlPlane.start(url)) {
      ApiClient api = RunningControlPlane.operatorOf(controlPlane);
      JsonObject domain = api.get("/v1/tenants/acme/domains/shop.example.com").json();
      assertThat(domain.getString("verification")).isEqualTo("none");
      assertThat(domain.getJsonObject("ownership").getString("state")).isEqualTo("verified");
      assertThat(domain.getString("role")).isEqualTo("alias");

      String other = api.post("/v1/tenants", Fresh.tenant()).header("Location");
      Reply taken = api.post(other + "/domains", Fresh.trustedDomain("shop.example.com"));
      assertThat(taken.problem()).isEqualTo("host-taken");
    }
  }
}
