package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.database.IsolationStrategy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are changed in pieces, on a real server, by processes that are killed. */
@Timeout(180)
class BackfillTest {
  private static final int ROWS = 40;
  private static final int TENANTS = 3;

  private static final String TABLE =
      """
      CREATE TABLE note (tenant_id uuid, id int, text text, filled int, PRIMARY KEY (tenant_id, id));
      SELECT tenancy.protect('note');
      """;

  /** Slow, one row after the other; each says how often it was filled. */
  private static final String SLOW =
      """
      UPDATE note SET filled = coalesce(filled, 0) + 1 FROM (SELECT pg_sleep(0.03)) slow
       WHERE id IN (SELECT id FROM note WHERE filled IS NULL ORDER BY id LIMIT 1)
      """;

  private static final String QUICK =
      """
      UPDATE note SET filled = coalesce(filled, 0) + 1
       WHERE id IN (SELECT id FROM note WHERE filled IS NULL ORDER BY id LIMIT 15)
      """;

  private final String url = MigratedDatabase.freshUrl();
  private final String server = TestBackends.freshDatabaseUrl();

  /** Where a tenant's notes are, for a superuser. */
  private record Notes(IsolationStrategy strategy, String tenant, String server) {
    private String hex() {
      return "t_" + tenant.replace("-", "");
    }

    Sql open() {
      return new Sql(
          strategy == IsolationStrategy.DATABASE
              ? server.substring(0, server.lastIndexOf('/') + 1) + hex()
              : server);
    }

    String schema() {
      return strategy == IsolationStrategy.SCHEMA ? hex() : "app";
    }

    void fill() {
      try (Sql sql = open()) {
        sql.execute(
            "INSERT INTO %s.note (tenant_id, id) SELECT '%s', n FROM generate_series(1, %d) n"
                .formatted(schema(), tenant, ROWS));
      }
    }

    /** How many of its rows were filled so many times. */
    long filled(int times) {
      try (Sql sql = open()) {
        return sql.count(
            "SELECT count(*) FROM %s.note WHERE tenant_id::text = ? AND filled = ?"
                .formatted(schema()),
            tenant,
            times);
      }
    }
  }

  /** A partition, tenants, and the table of version 1 with rows in it. */
  private List<Notes> prepared(ApiClient api, IsolationStrategy strategy) {
    Partitions.ready(api, server);
    List<Notes> all = new ArrayList<>();
    for (int i = 0; i < TENANTS; i++) {
      JsonObject database = JsonObject.of("strategy", strategy.wireName());
      String path =
          api.post("/v1/tenants", Fresh.tenant().put("config", JsonObject.of("database", database)))
              .header("Location");
      Sql.await(() -> api.get(path + "/placement").json().getString("state").equals("placed"));
      all.add(new Notes(strategy, path.substring(path.lastIndexOf('/') + 1), server));
    }
    assertThat(api.post("/v1/blueprints", JsonObject.of("name", "shop")).status()).isEqualTo(201);
    put(api, 1, JsonObject.of("up", TABLE, "down", "DROP TABLE note"));
    awaited(api, rollOut(api, 1), "done");
    all.forEach(Notes::fill);
    return all;
  }

  private static void put(ApiClient api, int number, JsonObject version) {
    Reply put = api.put("/v1/blueprints/shop/versions/" + number, version);
    assertThat(put.status()).as(put.toString()).isEqualTo(200);
  }

  private static String rollOut(ApiClient api, int to) {
    Reply begun = api.post("/v1/blueprints/shop/rollouts", JsonObject.of("to", to, "canary", 0));
    assertThat(begun.status()).as(begun.toString()).isEqualTo(202);
    return begun.header("Location");
  }

  private static JsonObject awaited(ApiClient api, String rollout, String until) {
    Sql.await(() -> api.get(rollout).json().getString("state").equals(until));
    return api.get(rollout).json();
  }

  private static JsonObject withBackfill(String backfill) {
    return JsonObject.of(
        "up",
        "ALTER TABLE note ADD COLUMN extra text",
        "down",
        "ALTER TABLE note DROP COLUMN extra",
        "backfill",
        backfill);
  }

  @ParameterizedTest
  @EnumSource(IsolationStrategy.class)
  void goesOnWhereItWasWhenItWasKilled(IsolationStrategy strategy) throws Exception {
    List<Notes> all;
    String rollout;
    try (ControlPlaneProcess first = ControlPlaneProcess.start(url)) {
      ApiClient api = first.operator();
      all = prepared(api, strategy);
      put(api, 2, withBackfill(SLOW));
      rollout = rollOut(api, 2);
      List<Notes> filling = all;
      Sql.await(() -> filling.stream().mapToLong(notes -> notes.filled(1)).sum() >= ROWS / 2);
    }
    long before = all.stream().mapToLong(notes -> notes.filled(1)).sum();
    assertThat(before).as("killed in the middle").isLessThan((long) TENANTS * ROWS);
    try (Sql sql = new Sql(url)) {
      sql.execute("UPDATE job SET leased_until = now()");
      assertThat(sql.count("SELECT max(number) FROM blueprint_state")).isEqualTo(1);
    }

    try (ControlPlaneProcess second = ControlPlaneProcess.start(url)) {
      ApiClient api = second.operator();
      JsonObject done = awaited(api, rollout, "done");

      assertThat(done.getLong("backfilledRows")).isEqualTo((long) TENANTS * ROWS);
      assertThat(all).allSatisfy(notes -> assertThat(notes.filled(1)).isEqualTo(ROWS));
      assertThat(api.get("/v1/blueprints/shop/places?which=behind").json().getJsonArray("items"))
          .isEmpty();
      assertThat(api.get("/v1/blueprints/shop").json().getInteger("currentVersion")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(IsolationStrategy.class)
  void showsHowFarItIsAndIsTakenBackFromThere(IsolationStrategy strategy) {
    try (ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url))) {
      ApiClient api = OneControlPlane.operator(controlPlane);
      List<Notes> all = prepared(api, strategy);
      put(api, 2, withBackfill(SLOW.replace("0.03", "0.1")));
      String rollout = rollOut(api, 2);

      Sql.await(() -> api.get(rollout).json().getLong("backfilledRows") > 0);
      JsonArray waiting = api.get(rollout + "/steps?state=waiting").json().getJsonArray("items");
      assertThat(waiting)
          .anySatisfy(
              step -> assertThat(((JsonObject) step).getLong("backfilledRows")).isPositive());
      assertThat(api.post(rollout + "/cancel").status()).isEqualTo(200);

      assertThat(awaited(api, rollOut(api, 1), "done").getInteger("failed")).isZero();
      assertThat(all)
          .allSatisfy(notes -> {
            try (Sql sql = notes.open()) {
              assertThat(
                      sql.count(
                          "SELECT count(*) FROM information_schema.columns"
                              + " WHERE table_schema = ? AND column_name = 'extra'",
                          notes.schema()))
                  .as("down has run")
                  .isZero();
            }
          });

      put(api, 3, JsonObject.of("up", "SELECT 1"));
      JsonObject dry =
          api.post("/v1/blueprints/shop/rollouts", JsonObject.of("to", 3, "dryRun", true)).json();
      awaited(api, "/v1/rollouts/" + dry.getString("id"), "done");
      awaited(api, rollOut(api, 3), "done");
      assertThat(all).allSatisfy(notes -> assertThat(notes.filled(1)).isEqualTo(ROWS));
    }
  }

  @Test
  void locksNoTableAndSaysWhatFailedWhere() {
    try (ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url));
        Sql reader = new Sql(server)) {
      ApiClient api = OneControlPlane.operator(controlPlane);
      List<Notes> all = prepared(api, IsolationStrategy.SHARED);
      put(api, 2, JsonObject.of("up", "SELECT 1", "down", "SELECT 1", "backfill", QUICK));
      put(
          api,
          3,
          JsonObject.of(
              "up",
              "ALTER TABLE note ADD COLUMN half int",
              "down",
              "ALTER TABLE note DROP COLUMN half",
              "backfill",
              "UPDATE note SET half = 1 / (id - 1) WHERE half IS NULL"));

      reader.execute("BEGIN; SELECT count(*) FROM app.note");
      JsonObject done = awaited(api, rollOut(api, 2), "done");
      reader.execute("COMMIT");

      assertThat(done.getLong("backfilledRows")).isEqualTo((long) TENANTS * ROWS);
      assertThat(all).allSatisfy(notes -> assertThat(notes.filled(1)).isEqualTo(ROWS));

      JsonObject paused = awaited(api, rollOut(api, 3), "paused");
      String failed =
          api.get("/v1/rollouts/" + paused.getString("id") + "/steps?state=failed").text();
      assertThat(failed).contains("backfill of version 3: ERROR: division by zero");
      assertThat(api.get("/v1/blueprints/shop/places").text()).contains("\"version\":2");
    }
  }
}
