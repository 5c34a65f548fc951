package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ProvisioningTest {
  private final String url = MigratedDatabase.freshUrl();

  private ControlPlane start() {
    return ControlPlane.start(RunningControlPlane.config(url));
  }

  private static ApiClient operator(ControlPlane controlPlane) {
    return new ApiClient(
        controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
  }

  private static List<String> members(JsonObject progress, String name) {
    return progress.getJsonArray("steps").stream()
        .map(step -> String.valueOf(((JsonObject) step).getValue(name)))
        .toList();
  }

  @Test
  void activatesAPendingTenantStepByStepAndShowsIt() {
    try (ControlPlane controlPlane = start()) {
      ApiClient api = operator(controlPlane);
      Reply created = api.post("/v1/tenants", Fresh.tenant().put("status", "pending"));
      assertThat(created.json().getString("status")).isEqualTo("pending");
      String path = created.header("Location");
      Sql.await(() -> api.get(path + "/provisioning").json().getString("state").equals("done"));

      JsonObject progress = api.get(path + "/provisioning").json();
      assertThat(members(progress, "name"))
          .containsExactly("place-data", "activate", "confirm-edge");
      assertThat(members(progress, "state")).containsOnly("done");
      assertThat(members(progress, "attempts")).containsOnly("1");
      assertThat(progress.getInteger("done")).isEqualTo(3);
      assertThat(api.get(path).json().getString("status")).isEqualTo("active");
      String active = api.post("/v1/tenants", Fresh.tenant()).header("Location");
      assertThat(api.get(active + "/provisioning").json().getInteger("total")).isZero();
    }
  }

  @Test
  void waitsForGatewaysThatLagAndNamesThem() throws Exception {
    try (ControlPlane controlPlane = start()) {
      String gatewayToken = controlPlane.firstTokens().orElseThrow().gatewayToken();
      ApiClient api = operator(controlPlane);
      try (TestGateway gateway = TestGateway.connect("slow", controlPlane.port(), gatewayToken)) {
        ApiClient itself = new ApiClient(controlPlane.port(), gatewayToken);
        JsonObject nothing = new JsonObject().put("gateway", "slow").put("revision", 0);
        String path =
            api.post("/v1/tenants", Fresh.tenant().put("status", "pending")).header("Location");
        Sql.await(() -> {
          itself.post("/edge/v1/applied", nothing);
          return api.get(path + "/provisioning").json().encode().contains("slow");
        });
        JsonObject progress = api.get(path + "/provisioning").json();
        assertThat(members(progress, "state")).containsExactly("done", "done", "running");
        assertThat(progress.getString("nextAttemptAt")).isNotNull();
        assertThat(api.get(path).json().getString("status")).isEqualTo("active");

        gateway.applyEverything();
        Sql.await(() -> api.get(path + "/provisioning").json().getString("state").equals("done"));
      }
    }
  }

  /** The instance stands still at the write, which is neither done nor undone when it is killed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE ON provisioning_step: NEW.name = 'place-data' AND NEW.state = 'done'",
        "UPDATE ON provisioning_step: NEW.name = 'activate' AND NEW.state = 'running'",
        "UPDATE ON provisioning_step: NEW.name = 'activate' AND NEW.state = 'done'",
        "INSERT ON tenant_transition: NEW.from_status = 'pending'",
        "UPDATE ON provisioning_step: NEW.name = 'confirm-edge' AND NEW.state = 'running'",
        "UPDATE ON provisioning_step: NEW.name = 'confirm-edge' AND NEW.state = 'done'",
        "DELETE ON job: OLD.kind = 'provisioning'"
      })
  void goesOnWhereAKilledInstanceWas(String place) throws Exception {
    Migrations.apply(DatabaseUrl.parse(url));
    String[] parts = place.split(": ", 2);
    UUID id;
    try (Sql sql = new Sql(url);
        Sql holder = new Sql(url)) {
      sql.execute(
          """
          CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            PERFORM pg_advisory_xact_lock(42);
            RETURN coalesce(NEW, OLD);
          END $$;
          """);
      sql.execute(
          "CREATE TRIGGER stand_still BEFORE %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION stand_still()"
              .formatted(parts[0], parts[1]));
      holder.execute("SELECT pg_advisory_lock(42)");
      try (ControlPlaneProcess killed = ControlPlaneProcess.start(url)) {
        Reply created =
            killed.operator().post("/v1/tenants", Fresh.tenant().put("status", "pending"));
        id = UUID.fromString(created.json().getString("id"));
        Sql.await(() ->
            sql.count(
                    """
                    SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                     WHERE d.datname = current_database() AND l.locktype = 'advisory'
                       AND NOT l.granted
                    """)
                == 1);
      }
      holder.execute("SELECT pg_advisory_unlock(42)");
      sql.execute("DROP TRIGGER stand_still ON " + parts[0].replaceAll(".* ON ", ""));
      sql.execute("UPDATE job SET leased_until = now()");
      try (ControlPlane _ = start()) {
        Sql.await(() -> sql.count("SELECT count(*) FROM job WHERE kind = 'provisioning'") == 0);
      }
      assertThat(sql.texts("SELECT status FROM tenant WHERE id = ?", id)).containsExactly("active");
      assertThat(sql.texts("SELECT state FROM provisioning_step WHERE tenant_id = ?", id))
          .containsExactly("done", "done", "done");
      assertThat(
              sql.texts(
                  "SELECT to_status FROM tenant_transition WHERE tenant_id = ? ORDER BY id", id))
          .containsExactly("pending", "active");
      assertThat(
              sql.texts(
                  "SELECT payload ->> 'status' FROM edge_object WHERE kind = 'tenant' AND key = ?",
                  id.toString()))
          .containsExactly("active");
    }
  }
}
