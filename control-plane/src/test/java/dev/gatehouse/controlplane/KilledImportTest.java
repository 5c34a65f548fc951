package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Control planes that are killed while they import and provision, with real processes. */
@Timeout(300)
class KilledImportTest {
  private static final int LINES = 2_000;
  private static final int KILLS = 2;

  private final String url = MigratedDatabase.freshUrl();

  @Test
  void losesAndDoublesNothingAndLeavesNothingStuck() throws Exception {
    long seed = System.nanoTime();
    System.out.println("KilledImportTest, seed " + seed);
    Random random = new Random(seed);
    Migrations.apply(DatabaseUrl.parse(url));
    List<String> slugs = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    int pending = 0;
    for (int i = 0; i < LINES; i++) {
      JsonObject tenant = Fresh.tenant();
      if (random.nextInt(50) == 0) {
        tenant.put("status", "pending");
        pending++;
      }
      slugs.add(tenant.getString("slug"));
      body.append(tenant.encode()).append('\n');
    }
    body.append(body, 0, body.indexOf("\n")); // once more the first one, which is refused

    try (Sql sql = new Sql(url)) {
      try (ControlPlaneProcess first = ControlPlaneProcess.start(url)) {
        Reply accepted =
            first
                .operator()
                .send(
                    "POST",
                    "/v1/tenants/imports",
                    body.toString(),
                    "Content-Type",
                    "application/x-ndjson");
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        untilProcessed(sql, random.nextInt(LINES / KILLS));
      }
      for (int kill = 1; kill < KILLS; kill++) {
        sql.execute("UPDATE job SET leased_until = now()");
        try (ControlPlaneProcess _ = ControlPlaneProcess.start(url)) {
          untilProcessed(sql, (LINES / KILLS) * kill + random.nextInt(LINES / KILLS));
        }
      }
      sql.execute("UPDATE job SET leased_until = now()");
      try (ControlPlane _ = ControlPlane.start(RunningControlPlane.config(url))) {
        Sql.await(() ->
            sql.count("SELECT count(*) FROM tenant_import WHERE state <> 'done'") == 0
                && sql.count("SELECT count(*) FROM job WHERE kind = 'provisioning'") == 0);
      }
      String because = "seed " + seed;
      assertThat(sql.texts("SELECT processed || '/' || refused FROM tenant_import"))
          .as(because)
          .containsExactly((LINES + 1) + "/1");
      assertThat(sql.texts("SELECT slug FROM tenant"))
          .as(because)
          .containsExactlyInAnyOrderElementsOf(slugs);
      assertThat(sql.count("SELECT count(*) FROM tenant WHERE status <> 'active'"))
          .as(because)
          .isZero();
      assertThat(sql.count("SELECT count(*) FROM tenant_transition"))
          .as(because)
          .isEqualTo(LINES + pending);
      assertThat(
              sql.count(
                  """
                  SELECT count(*) FROM edge_object
                   WHERE kind = 'tenant' AND payload ->> 'status' = 'active'
                  """))
          .as(because)
          .isEqualTo(LINES);
      assertThat(sql.texts("SELECT line FROM tenant_import_error"))
          .as(because)
          .containsExactly(Integer.toString(LINES + 1));
    }
  }

  private static void untilProcessed(Sql sql, int lines) {
    Sql.await(() -> sql.count("SELECT processed FROM tenant_import") >= lines);
  }
}
