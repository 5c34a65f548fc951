package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.controlplane.database.OlderDatabase;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of lists of ranges of the version that kept them and did not look at them. */
@Timeout(60)
class RangesMigrationTest {
  private static final String ROWS =
      """
      INSERT INTO tenant (id, slug, name, status, document)
      VALUES ('0197c0de-0000-7000-8000-000000000001', 'acme', 'Acme', 'active',
              '{"config": {"security": {"allowedIpRanges":
                 ["10.1.2.3/8", "2001:DB8::1/32", "999.1.1.1/8", "10.0.0.0/8"], "requireTls": true}}}'),
             ('0197c0de-0000-7000-8000-000000000002', 'globex', 'Globex', 'active',
              '{"config": {"security": {"allowedIpRanges": ["999.1.1.1/8"]}}}');
      INSERT INTO edge_object (kind, key, revision, payload, removed)
      VALUES ('tenant', '0197c0de-0000-7000-8000-000000000001', 1,
              '{"id": "0197c0de-0000-7000-8000-000000000001", "slug": "acme", "status": "active",
                "hosts": [], "authentication": ["anonymous"], "limits": {}}', false);
      UPDATE edge_revision SET revision = 1;
      """;

  @Test
  void theyAreBroughtToTheirNormalFormAndHoldFromThenOn() throws Exception {
    String url = TestBackends.freshDatabaseUrl();
    OlderDatabase.fill(url, "14", ROWS);
    try (ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url));
        TestGateway gateway =
            TestGateway.connect(
                "gw",
                controlPlane.port(),
                controlPlane.firstTokens().orElseThrow().gatewayToken())) {
      ApiClient api =
          new ApiClient(
              controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());

      JsonObject security = securityOf(api, "acme");
      assertThat(security.getJsonArray("allowedIpRanges"))
          .containsExactlyInAnyOrder("10.0.0.0/8", "2001:db8::/32");
      assertThat(security.getBoolean("requireTls")).isTrue();
      assertThat(securityOf(api, "globex").isEmpty()).isTrue();
      api.post("/v1/tenants/acme/suspend");
      EdgeTenant told = gateway.next(EdgeTenant.class);
      assertThat(told.bounds().orElseThrow().allow().orElseThrow())
          .containsExactlyInAnyOrder(
              AddressRange.parse("10.0.0.0/8"), AddressRange.parse("2001:db8::/32"));
    }
  }

  private static JsonObject securityOf(ApiClient api, String tenant) {
    return api.get("/v1/tenants/" + tenant)
        .json()
        .getJsonObject("config")
        .getJsonObject("security");
  }
}
