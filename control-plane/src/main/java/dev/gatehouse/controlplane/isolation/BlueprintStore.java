package dev.gatehouse.controlplane.isolation;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Blueprints, their versions, and which place has which, in PostgreSQL. */
final class BlueprintStore {
  private static final String SELECT =
      """
      SELECT b.name, b.description, b.current_version, b.version, b.created_at, b.updated_at,
             coalesce((SELECT max(number) FROM blueprint_version v WHERE v.blueprint = b.name), 0)
               AS newest
        FROM blueprint b
      """;

  private static final String COUNT = "SELECT count(*) AS blueprints FROM blueprint";

  private static final String OPEN_ROLLOUT =
      "SELECT FROM rollout WHERE blueprint = $1 AND state IN ('running', 'paused')";

  private static final String INSERT = "INSERT INTO blueprint (name, description) VALUES ($1, $2)";
  private static final String FIND = SELECT + " WHERE b.name = $1";
  private static final String LOCK = FIND + " FOR UPDATE OF b";
  private static final String LIST = SELECT + " WHERE b.name > $1 ORDER BY b.name LIMIT $2";
  private static final String DELETE = "DELETE FROM blueprint WHERE name = $1";

  private static final String SET_CURRENT =
      """
      UPDATE blueprint SET current_version = $2, version = version + 1, updated_at = now()
       WHERE name = $1
      """;

  private static final String PUT_VERSION =
      """
      INSERT INTO blueprint_version (blueprint, number, document) VALUES ($1, $2, $3)
      ON CONFLICT (blueprint, number) DO UPDATE SET document = excluded.document
      """;

  private static final String VERSIONS =
      """
      SELECT number, document, frozen FROM blueprint_version WHERE blueprint = $1 ORDER BY number
      """;

  private static final String FREEZE =
      "UPDATE blueprint_version SET frozen = true WHERE blueprint = $1 AND number <= $2";

  /** Of a place that is there: its partition may be deleted while it is migrated, or its tenant. */
  private static final String IF_THERE =
      """
       WHERE EXISTS (SELECT FROM partition WHERE name = $2)
         AND ($3::uuid IS NULL
           OR EXISTS (SELECT FROM placement WHERE tenant_id = $3 AND state <> 'removing'))
      ON CONFLICT (blueprint, partition, tenant_id)
      """;

  private static final String SET_STATE =
      "INSERT INTO blueprint_state (blueprint, partition, tenant_id, number)"
          + " SELECT $1, $2, $3::uuid, $4::integer"
          + IF_THERE
          + "DO UPDATE SET number = excluded.number, error = NULL, updated_at = now()";

  private static final String SET_ERROR =
      "INSERT INTO blueprint_state (blueprint, partition, tenant_id, number, error)"
          + " SELECT $1, $2, $3::uuid, 0, $4"
          + IF_THERE
          + "DO UPDATE SET error = excluded.error, updated_at = now()";

  /** Every place, whether something was applied there or not. */
  private static final String STATES =
      """
      WITH place AS (
        SELECT partition, tenant_id, strategy FROM placement
         WHERE state = 'placed' AND strategy <> 'shared'
        UNION ALL
        SELECT name, NULL, 'shared' FROM partition WHERE prepared_at IS NOT NULL
      )
      SELECT p.partition, p.tenant_id, p.strategy, coalesce(s.number, 0) AS number, s.error,
             s.updated_at, p.partition || '/' || coalesce(p.tenant_id::text, '') AS key
        FROM place p
        LEFT JOIN blueprint_state s
          ON s.blueprint = $1 AND s.partition = p.partition
         AND s.tenant_id IS NOT DISTINCT FROM p.tenant_id
       WHERE p.partition || '/' || coalesce(p.tenant_id::text, '') > $2
         AND ($4::text IS NULL
           OR ($4 = 'behind' AND coalesce(s.number, 0) < $5)
           OR ($4 = 'ahead' AND s.number > $5)
           OR ($4 = 'failed' AND s.error IS NOT NULL))
       ORDER BY key LIMIT $3
      """;

  private static final String AT =
      """
      SELECT blueprint, number FROM blueprint_state
       WHERE partition = $1 AND tenant_id IS NOT DISTINCT FROM $2
      """;

  private static final String FORGET = "DELETE FROM blueprint_state WHERE tenant_id = $1";

  Blueprint insert(SqlConnection tx, String name, Optional<String> description) {
    tx.preparedQuery(INSERT).execute(Tuple.of(name, description.orElse(null))).await();
    return find(tx, name).orElseThrow();
  }

  Optional<Blueprint> find(SqlConnection connection, String name) {
    return stream(connection, FIND, Tuple.of(name)).findFirst();
  }

  Optional<Blueprint> lock(SqlConnection tx, String name) {
    return stream(tx, LOCK, Tuple.of(name)).findFirst();
  }

  List<Blueprint> list(SqlConnection connection, String after, int count) {
    return stream(connection, LIST, Tuple.of(after, count)).toList();
  }

  long count(SqlConnection connection) {
    return connection.query(COUNT).execute().await().iterator().next().getLong("blueprints");
  }

  boolean hasOpenRollout(SqlConnection connection, String name) {
    return connection.preparedQuery(OPEN_ROLLOUT).execute(Tuple.of(name)).await().size() > 0;
  }

  void delete(SqlConnection tx, String name) {
    tx.preparedQuery(DELETE).execute(Tuple.of(name)).await();
  }

  void setCurrent(SqlConnection tx, String name, int number) {
    tx.preparedQuery(SET_CURRENT).execute(Tuple.of(name, number)).await();
  }

  void putVersion(SqlConnection tx, String blueprint, int number, JsonObject document) {
    tx.preparedQuery(PUT_VERSION).execute(Tuple.of(blueprint, number, document)).await();
  }

  List<BlueprintVersion> versions(SqlConnection connection, String blueprint) {
    Iterable<Row> rows = connection.preparedQuery(VERSIONS).execute(Tuple.of(blueprint)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new BlueprintVersion(
                row.getInteger("number"),
                (JsonObject) row.getJson("document"),
                row.getBoolean("frozen")))
        .toList();
  }

  /** These cannot change any more. */
  void freeze(SqlConnection tx, String blueprint, int through) {
    tx.preparedQuery(FREEZE).execute(Tuple.of(blueprint, through)).await();
  }

  /** A place has this version. */
  void setState(SqlConnection tx, String blueprint, Place place, int number) {
    Tuple values = Tuple.of(blueprint, place.partition(), place.tenant().orElse(null), number);
    tx.preparedQuery(SET_STATE).execute(values).await();
  }

  /** A place could not be given another version. */
  void setError(SqlConnection tx, String blueprint, Place place, String error) {
    Tuple values = Tuple.of(blueprint, place.partition(), place.tenant().orElse(null), error);
    tx.preparedQuery(SET_ERROR).execute(values).await();
  }

  /**
   * What is known of places.
   *
   * @param which {@code behind}, {@code ahead} or {@code failed}; all if empty
   * @param current what those that are behind do not have
   */
  List<JsonObject> states(
      SqlConnection connection,
      String blueprint,
      String after,
      int count,
      Optional<String> which,
      int current) {
    Tuple values = Tuple.of(blueprint, after, count, which.orElse(null), current);
    Iterable<Row> rows = connection.preparedQuery(STATES).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false).map(BlueprintStore::state).toList();
  }

  private static JsonObject state(Row row) {
    JsonObject json =
        new JsonObject()
            .put("key", row.getString("key"))
            .put("partition", row.getString("partition"))
            .put("strategy", row.getString("strategy"))
            .put("version", row.getInteger("number"));
    @Nullable UUID tenant = row.getUUID("tenant_id");
    if (tenant != null) {
      json.put("tenant", tenant.toString());
    }
    @Nullable String error = row.getString("error");
    if (error != null) {
      json.put("error", error);
    }
    return json;
  }

  /** The versions that a place has, by blueprint. */
  Map<String, Integer> versionsAt(SqlConnection connection, Place place) {
    Tuple values = Tuple.of(place.partition(), place.tenant().orElse(null));
    Map<String, Integer> versions = new HashMap<>();
    for (Row row : connection.preparedQuery(AT).execute(values).await()) {
      versions.put(row.getString("blueprint"), row.getInteger("number"));
    }
    return versions;
  }

  void forget(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(FORGET).execute(Tuple.of(tenant)).await();
  }

  private static Stream<Blueprint> stream(SqlConnection connection, String sql, Tuple values) {
    Iterable<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Blueprint(
                row.getString("name"),
                Optional.ofNullable(row.getString("description")),
                row.getInteger("current_version"),
                row.getInteger("newest"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
