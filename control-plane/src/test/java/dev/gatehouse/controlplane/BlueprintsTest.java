package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePartition;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.controlplane.feed.FeedReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application's SQL on its way to places of all three kinds, on a real server. */
@Timeout(120)
class BlueprintsTest {
  private static final String NOTES =
      """
      CREATE TABLE note (tenant_id uuid, id int, text text, PRIMARY KEY (tenant_id, id));
      SELECT tenancy.protect('note');
      """;

  private final ControlPlane controlPlane =
      ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
  private final ApiClient api = OneControlPlane.operator(controlPlane);
  private final String server = TestBackends.freshDatabaseUrl();
  private final String partition = Partitions.freshName();

  @BeforeEach
  void register() {
    Partitions.awaitReady(
        api, Partitions.register(api, Partitions.registration(partition, server)));
    assertThat(api.post("/v1/blueprints", JsonObject.of("name", "shop")).status()).isEqualTo(201);
  }

  @AfterEach
  void stop() {
    controlPlane.close();
  }

  private String placedTenant(String strategy) {
    JsonObject database = JsonObject.of("strategy", strategy);
    Reply created =
        api.post("/v1/tenants", Fresh.tenant().put("config", JsonObject.of("database", database)));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String path = created.header("Location");
    Sql.await(() -> api.get(path + "/placement").json().getString("state").equals("placed"));
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Reply version(int number, String up, String down, JsonObject... checks) {
    return api.put(
        "/v1/blueprints/shop/versions/" + number,
        new JsonObject()
            .put("up", up)
            .put("down", down)
            .put("seesRows", true)
            .put("checks", new JsonArray(List.of(checks))));
  }

  private void putVersion(int number, String up, String down, JsonObject... checks) {
    Reply put = version(number, up, down, checks);
    assertThat(put.status()).as(put.toString()).isEqualTo(200);
  }

  private JsonObject rolledOut(JsonObject wanted, String until) {
    Reply begun = api.post("/v1/blueprints/shop/rollouts", wanted);
    assertThat(begun.status()).as(begun.toString()).isEqualTo(202);
    return awaited(begun.header("Location"), until);
  }

  private JsonObject awaited(String rollout, String until) {
    Sql.await(() -> api.get(rollout).json().getString("state").equals(until));
    return api.get(rollout).json();
  }

  private List<Integer> versions() {
    List<Integer> versions = new ArrayList<>();
    for (Object place :
        api.get("/v1/blueprints/shop/places?limit=200").json().getJsonArray("items")) {
      versions.add(((JsonObject) place).getInteger("version"));
    }
    return versions;
  }

  private long tables(String name) {
    try (Sql sql = new Sql(server)) {
      return sql.count("SELECT count(*) FROM pg_class WHERE relname = ? AND relkind = 'r'", name);
    }
  }

  @Test
  void takesEveryPlaceToAVersionAndBackAndGivesItToNewOnes() {
    placedTenant("schema");
    placedTenant("database");
    placedTenant("shared");
    putVersion(1, NOTES, "DROP TABLE note");
    putVersion(2, "ALTER TABLE note ADD COLUMN due date", "ALTER TABLE note DROP COLUMN due");

    JsonObject done = rolledOut(JsonObject.of("to", 2), "done");

    assertThat(done.getInteger("total")).as("a schema, a database, those who share").isEqualTo(3);
    assertThat(done.getInteger("done")).isEqualTo(3);
    assertThat(done.getInteger("currentWave")).as("after the canary").isEqualTo(1);
    assertThat(versions()).containsOnly(2).hasSize(3);
    assertThat(tables("note")).isEqualTo(2);
    assertThat(api.get("/v1/blueprints/shop").json().getInteger("currentVersion")).isEqualTo(2);

    placedTenant("schema");
    assertThat(versions()).as("a new place has it from its beginning").containsOnly(2).hasSize(4);

    rolledOut(JsonObject.of("to", 1), "done");
    assertThat(versions()).containsOnly(1).hasSize(4);
    rolledOut(JsonObject.of("to", 0), "done");
    assertThat(tables("note")).isZero();
  }

  @Test
  void pausesWhenTheCanaryFailsChangesNothingThereAndGoesOnWhenAsked() {
    String bad = placedTenant("schema");
    String good = placedTenant("schema");
    putVersion(1, NOTES, "DROP TABLE note");
    rolledOut(JsonObject.of("to", 1), "done");
    String schema = "t_" + bad.replace("-", "");
    try (Sql sql = new Sql(server)) {
      sql.execute("CREATE TABLE " + schema + ".obstacle (id int)");
    }
    putVersion(
        2,
        "ALTER TABLE note ADD COLUMN due date; CREATE TABLE obstacle (id int)",
        "DROP TABLE obstacle; ALTER TABLE note DROP COLUMN due");

    JsonObject paused = rolledOut(JsonObject.of("to", 2, "canary", 1), "paused");

    String rollout = "/v1/rollouts/" + paused.getString("id");
    assertThat(paused.getString("reason")).isEqualTo("1 of 1 places of wave 0 have failed");
    assertThat(versions()).containsOnly(1);
    JsonObject failed =
        api.get(rollout + "/steps?state=failed").json().getJsonArray("items").getJsonObject(0);
    assertThat(failed.getString("tenant")).isEqualTo(bad);
    assertThat(failed.getString("error")).contains("up of version 2", "already exists");
    assertThat(api.get("/v1/blueprints/shop/places?which=failed").text()).contains(bad);
    try (Sql sql = new Sql(server)) {
      assertThat(
              sql.count(
                  "SELECT count(*) FROM information_schema.columns WHERE table_schema = ? AND column_name = 'due'",
                  schema))
          .as("all of a version, or nothing")
          .isZero();
      sql.execute("DROP TABLE " + schema + ".obstacle");
    }
    assertThat(api.post("/v1/blueprints/shop/rollouts", JsonObject.of("to", 1)).problem())
        .isEqualTo("rollout-open");

    assertThat(api.post(rollout + "/resume").status()).isEqualTo(200);
    assertThat(awaited(rollout, "done").getInteger("failed")).isZero();
    assertThat(versions()).containsOnly(2);
    assertThat(api.get("/v1/blueprints/shop/places?which=failed").text()).doesNotContain(bad, good);
    assertThat(api.post(rollout + "/resume").problem()).isEqualTo("rollout-ended");
  }

  @Test
  void toleratesAsManyFailuresAsItMayAndShowsWhoIsBehind() {
    String bad = placedTenant("schema");
    placedTenant("schema");
    placedTenant("schema");
    try (Sql sql = new Sql(server)) {
      sql.execute("CREATE TABLE t_" + bad.replace("-", "") + ".note (id int)");
    }
    putVersion(1, NOTES, "DROP TABLE note");

    JsonObject done = rolledOut(JsonObject.of("to", 1, "canary", 0, "failurePercent", 25), "done");

    assertThat(done.getInteger("failed")).isEqualTo(1);
    assertThat(done.getInteger("done")).isEqualTo(3);
    JsonArray behind =
        api.get("/v1/blueprints/shop/places?which=behind").json().getJsonArray("items");
    assertThat(behind).hasSize(1);
    assertThat(behind.getJsonObject(0).getString("tenant")).isEqualTo(bad);
  }

  @Test
  void changesTheRowsOfAllWhoShareAndHasThemProtectedAfterwards() {
    String tenant = placedTenant("shared");
    putVersion(1, NOTES, "DROP TABLE note");
    rolledOut(JsonObject.of("to", 1), "done");
    try (Sql sql = new Sql(server)) {
      // A superuser is above policies; the owner, who migrates, is not.
      sql.execute("INSERT INTO app.note VALUES ('" + tenant + "', 1, 'old')");
      putVersion(
          2,
          "UPDATE note SET text = 'new'",
          "UPDATE note SET text = 'old'",
          JsonObject.of("name", "all are new", "sql", "SELECT count(*) = 1 FROM note"));

      rolledOut(JsonObject.of("to", 2), "done");

      assertThat(sql.texts("SELECT text FROM app.note")).containsExactly("new");
      assertThat(
              sql.texts(
                  "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'app.note'::regclass"))
          .containsExactly("t");
      rolledOut(JsonObject.of("to", 1), "done");
      assertThat(sql.texts("SELECT text FROM app.note")).containsExactly("old");
    }
  }

  @Test
  void undoesAllInADryRunAndWhereACheckDoesNotHold() {
    placedTenant("schema");
    putVersion(
        1,
        NOTES,
        "DROP TABLE note",
        JsonObject.of("name", "no notes yet", "sql", "SELECT count(*) = 0 FROM note"));

    JsonObject dry = rolledOut(JsonObject.of("to", 1, "dryRun", true), "done");
    assertThat(dry.getBoolean("dryRun")).isTrue();

    assertThat(dry.getInteger("done")).isEqualTo(2);
    assertThat(tables("note")).isZero();
    assertThat(versions()).containsOnly(0);
    assertThat(api.get("/v1/blueprints/shop").json().getInteger("currentVersion")).isZero();
    putVersion(1, NOTES, "DROP TABLE note", JsonObject.of("name", "never", "sql", "SELECT false"));
    JsonObject paused = rolledOut(JsonObject.of("to", 1), "paused");
    String steps = api.get("/v1/rollouts/" + paused.getString("id") + "/steps").text();
    assertThat(steps).contains("the check \\\"never\\\" of version 1: it does not hold");
    assertThat(tables("note")).isZero();
    assertThat(version(1, "SELECT 1", "SELECT 1").problem()).isEqualTo("version-frozen");
    assertThat(version(3, "SELECT 1", "SELECT 1").problem()).isEqualTo("version-gap");
  }

  @Test
  void tellsTheEdgeWhichTablesEachTenantHas() throws Exception {
    String own = placedTenant("schema");
    placedTenant("shared");
    putVersion(1, NOTES, "DROP TABLE note");

    rolledOut(JsonObject.of("to", 1), "done");

    String gateway = controlPlane.firstTokens().orElseThrow().gatewayToken();
    try (FeedReader feed =
        new FeedReader(controlPlane.port(), "?gateway=gw", "Bearer " + gateway)) {
      Map<FeedReader.Name, EdgeObject> told = feed.snapshot().objects();
      assertThat(told.get(new FeedReader.Name(EdgeObject.Kind.PARTITION, partition)))
          .isEqualTo(new EdgePartition(partition, Map.of("shop", 1)));
      assertThat(told.get(new FeedReader.Name(EdgeObject.Kind.TENANT, own)))
          .isInstanceOfSatisfying(
              EdgeTenant.class,
              tenant ->
                  assertThat(tenant.placement().orElseThrow().blueprints())
                      .hasValue(Map.of("shop", 1)));
    }
  }

  @Test
  void failsWhereThePartitionWasDeletedMeanwhileAndCanBeEnded() {
    String tenant = placedTenant("schema");
    String gone = Partitions.ready(api, TestBackends.freshDatabaseUrl());
    putVersion(1, NOTES, "DROP TABLE note");
    try (Sql sql = new Sql(server)) {
      sql.execute("CREATE TABLE t_" + tenant.replace("-", "") + ".note (id int)");
      String rollout =
          "/v1/rollouts/" + rolledOut(JsonObject.of("to", 1), "paused").getString("id");
      assertThat(api.delete(gone).status()).isEqualTo(204);
      sql.execute("DROP TABLE t_" + tenant.replace("-", "") + ".note");

      assertThat(api.post(rollout + "/resume").status()).isEqualTo(200);

      JsonObject paused = awaited(rollout, "paused");
      assertThat(paused.getString("reason")).isEqualTo("1 of 2 places of wave 1 have failed");
      assertThat(paused.getInteger("done")).isEqualTo(2);
      JsonArray failed = api.get(rollout + "/steps?state=failed").json().getJsonArray("items");
      assertThat(failed).hasSize(1);
      assertThat(failed.getJsonObject(0).getString("error")).isEqualTo("its partition is gone");
      assertThat(failed.getJsonObject(0).getString("partition"))
          .isEqualTo(gone.substring(gone.lastIndexOf('/') + 1));
      assertThat(api.post(rollout + "/cancel").status()).isEqualTo(200);
      assertThat(rolledOut(JsonObject.of("to", 1), "done").getInteger("total")).isEqualTo(2);
      assertThat(versions()).containsOnly(1).hasSize(2);
    }
  }

  @Test
  void saysOfATenantWhichVersionItsTablesHave() {
    List<String> tenants = List.of(placedTenant("schema"), placedTenant("shared"));
    putVersion(1, NOTES, "DROP TABLE note");

    rolledOut(JsonObject.of("to", 1), "done");

    assertThat(tenants)
        .allSatisfy(tenant ->
            assertThat(
                    api.get("/v1/tenants/" + tenant + "/placement")
                        .json()
                        .getJsonObject("blueprints"))
                .isEqualTo(JsonObject.of("shop", 1)));
  }

  @Test
  void refusesSqlThatEndsItsTransaction() {
    placedTenant("schema");
    putVersion(1, "CREATE TABLE half (id int); COMMIT; SELECT 1", "DROP TABLE half");

    JsonObject paused = rolledOut(JsonObject.of("to", 1), "paused");

    assertThat(api.get("/v1/rollouts/" + paused.getString("id") + "/steps").text())
        .contains("leave out COMMIT and ROLLBACK");
    assertThat(versions()).containsOnly(0);
  }

  @Test
  void keepsTheApplicationFromChangingWhatVersionItsPlaceHas() {
    String tenant = placedTenant("schema");
    putVersion(1, NOTES, "DROP TABLE note");
    rolledOut(JsonObject.of("to", 1), "done");

    try (Sql sql = new Sql(server)) {
      String role = "gh_" + partition + "_" + tenant.replace("-", "");
      String schema = "t_" + tenant.replace("-", "");
      for (String privilege : List.of("INSERT", "UPDATE", "DELETE")) {
        assertThat(
                sql.texts(
                    "SELECT has_table_privilege(?, ?, ?)",
                    role,
                    schema + ".gatehouse_blueprint",
                    privilege))
            .as(privilege)
            .containsExactly("f");
        assertThat(
                sql.texts("SELECT has_table_privilege(?, ?, ?)", role, schema + ".note", privilege))
            .containsExactly("t");
      }
    }
  }
}
