package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tenant that is deleted in the very moment in which its place is being made. */
@Timeout(120)
class DeletedWhilePlacedTest {
  private final String url = MigratedDatabase.freshUrl();
  private final String partitionUrl = TestBackends.freshDatabaseUrl();
  private final ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url));
  private final ApiClient api = OneControlPlane.operator(controlPlane);
  private final Sql sql = new Sql(url);
  private final Sql partition = new Sql(partitionUrl);

  /** Holds what the control plane waits for. */
  private final Sql holder = new Sql(partitionUrl);

  private String database = "";

  @BeforeEach
  void register() {
    String path = Partitions.ready(api, partitionUrl);
    database = api.get(path).json().getString("database");
  }

  @AfterEach
  void stop() {
    holder.close();
    partition.close();
    sql.close();
    controlPlane.close();
  }

  private String tenant(String strategy) {
    JsonObject config = JsonObject.of("database", JsonObject.of("strategy", strategy));
    Reply created = api.post("/v1/tenants", Fresh.tenant().put("config", config));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  private static UUID idOf(String path) {
    return UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
  }

  private void delete(String path) {
    assertThat(api.post(path + "/archive", new JsonObject()).status()).isEqualTo(200);
    assertThat(api.delete(path).status()).isEqualTo(204);
  }

  /** Its erasure is through, and nothing of the control plane is under way in the partition. */
  private void awaitEnd(String path) {
    Sql.await(() ->
        isErased(path)
            && sql.count("SELECT count(*) FROM job WHERE key = ?", idOf(path).toString()) == 0
            && partition.count(
                    "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = ? AND application_name = 'gatehouse'",
                    database)
                == 0);
  }

  private void assertNothingLeft(String path) {
    String hex = "%" + idOf(path).toString().replace("-", "");
    for (String query :
        List.of(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE ?",
            "SELECT count(*) FROM pg_namespace WHERE nspname LIKE ?",
            "SELECT count(*) FROM pg_database WHERE datname LIKE ?")) {
      assertThat(partition.count(query, hex)).as(query).isZero();
    }
    assertThat(sql.count("SELECT count(*) FROM placement WHERE tenant_id = ?", idOf(path)))
        .isZero();
  }

  @Test
  void leavesNothingWhereItsSchemaIsBeingMade() {
    holder.execute("BEGIN; LOCK TABLE pg_catalog.pg_namespace IN EXCLUSIVE MODE");
    String path = tenant("schema");
    Sql.await(() -> isUnderWay("CREATE SCHEMA%"));

    deleteAndAwaitItsErasure(path);
    holder.execute("COMMIT");

    awaitEnd(path);
    assertNothingLeft(path);
  }

  @Test
  void leavesNothingWhereItsDatabaseIsBeingMade() {
    String path;
    // While somebody is there no database is made of it; it is waited for.
    try (Sql _ = new Sql(partitionUrl.replace("/" + database, "/template1"))) {
      path = tenant("database");
      Sql.await(() -> isUnderWay("CREATE DATABASE%"));

      deleteAndAwaitItsErasure(path);
    }

    awaitEnd(path);
    assertNothingLeft(path);
  }

  /** Its erasure waits for who makes the place; where it did not, it would soon be through. */
  private void deleteAndAwaitItsErasure(String path) {
    delete(path);
    Sql.await(() -> isUnderWay("SELECT pg_advisory_lock%") || isErased(path));
  }

  private boolean isErased(String path) {
    return sql.count(
            "SELECT count(*) FROM tenant WHERE id = ? AND erased_at IS NOT NULL", idOf(path))
        == 1;
  }

  private boolean isUnderWay(String query) {
    return partition.count(
            "SELECT count(*) FROM pg_stat_activity"
                + " WHERE datname = ? AND state = 'active' AND query LIKE ?",
            database,
            query)
        > 0;
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "schema", "database"})
  void leavesNothingWhereItsPlaceIsBeingChosen(String strategy) {
    try (Sql row = new Sql(url)) {
      row.execute("BEGIN; SELECT FROM partition FOR UPDATE"); // none is chosen
      String path = tenant(strategy);
      Sql.await(() ->
          sql.count(
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                      + " AND wait_event_type = 'Lock' AND query LIKE '%FROM partition p%'")
              > 0);

      CompletableFuture<Void> deletion = CompletableFuture.runAsync(() -> delete(path));
      Sql.await(() ->
          isErased(path)
              || sql.count(
                      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                          + " AND wait_event_type = 'Lock' AND query LIKE '%FROM tenant%'")
                  > 0);
      row.execute("COMMIT");
      deletion.join();

      awaitEnd(path);
      assertNothingLeft(path);
    }
  }
}
