package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.database.SqlTime.instant;
import static dev.gatehouse.controlplane.database.SqlTime.utc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;

/** Answers what is asked of health. Blocks: virtual threads only. */
final class HealthQuery {
  private static final String COLUMNS =
      """
      SELECT t.id, t.slug, t.name, h.place, h.state, h.since, h.score, h.reason, h.leaning,
             h.leaning_since
        FROM tenant_health h JOIN tenant t ON t.id = h.tenant_id AND t.status = 'active'
      """;

  private static final String FACTORS = "SELECT factors FROM tenant_health WHERE tenant_id = $1";

  private static final String COUNTS =
      """
      SELECT h.state, count(*) AS tenants
        FROM tenant_health h JOIN tenant t ON t.id = h.tenant_id AND t.status = 'active'
       GROUP BY h.state
      """;

  private static final String ROUND = "SELECT ended_at FROM health_round";

  private static final String HISTORY =
      """
      SELECT at, state, score, reason FROM tenant_health_history
       WHERE tenant_id = $1 AND at >= $2 AND at < $3 ORDER BY at DESC LIMIT $4
      """;

  /**
   * One of the list.
   *
   * @param place what the list is ordered by
   */
  record Listed(UUID tenant, int place, JsonObject document) {
    String key() {
      return place + "/" + tenant;
    }
  }

  /** Those in a state, or of all, or among these; the worst first. */
  List<Listed> list(
      SqlConnection connection,
      Optional<HealthState> state,
      List<UUID> among,
      Optional<String> after,
      int count) {
    Tuple values = Tuple.tuple();
    List<String> conditions = new ArrayList<>();
    state.ifPresent(one -> conditions.add("h.state = $" + bind(values.addString(one.wireName()))));
    if (!among.isEmpty()) {
      conditions.add(
          "h.tenant_id = ANY ($" + bind(values.addArrayOfUUID(among.toArray(UUID[]::new))) + ")");
    }
    after.ifPresent(key -> {
      int slash = key.indexOf('/');
      int place = bind(values.addInteger(Integer.parseInt(key.substring(0, slash))));
      int id = bind(values.addUUID(UUID.fromString(key.substring(slash + 1))));
      conditions.add("(h.place, h.tenant_id) > ($" + place + ", $" + id + ")");
    });
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    String sql =
        COLUMNS + where + " ORDER BY h.place, h.tenant_id LIMIT $" + bind(values.addInteger(count));
    List<Listed> listed = new ArrayList<>();
    for (Row row : connection.preparedQuery(sql).execute(values).await()) {
      listed.add(
          new Listed(
              row.getUUID("id"),
              row.getInteger("place"),
              new JsonObject()
                  .put("tenant", row.getUUID("id").toString())
                  .put("slug", row.getString("slug"))
                  .put("name", row.getString("name"))
                  .mergeIn(standing(row))));
    }
    return listed;
  }

  private static int bind(Tuple values) {
    return values.size();
  }

  private static JsonObject standing(Row row) {
    JsonObject document =
        new JsonObject()
            .put("state", row.getString("state"))
            .put("since", instant(row, "since").orElseThrow().toString());
    OptionalInt score = HealthStore.scoreOf(row.getInteger("score"));
    score.ifPresent(points -> document.put("score", points));
    document.put("reason", row.getString("reason"));
    instant(row, "leaning_since")
        .ifPresent(since ->
            document.put(
                "leaning",
                JsonObject.of("to", row.getString("leaning"), "since", since.toString())));
    return document;
  }

  /** How an active tenant does; none where no round has seen it yet. */
  Optional<JsonObject> find(SqlConnection connection, UUID tenant) {
    return list(connection, Optional.empty(), List.of(tenant), Optional.empty(), 1).stream()
        .findFirst()
        .map(listed -> listed.document().put("factors", factors(connection, tenant)));
  }

  /** By their names, the worst first. */
  private static JsonObject factors(SqlConnection connection, UUID tenant) {
    JsonObject factors = new JsonObject();
    stream(connection, FACTORS, Tuple.of(tenant))
        .flatMap(row -> ((JsonArray) row.getJson("factors")).stream())
        .map(JsonObject.class::cast)
        .forEach(one -> factors.put((String) one.remove("factor"), inOrder(one)));
    return factors;
  }

  /** The database does not keep the order of names. */
  private static JsonObject inOrder(JsonObject found) {
    JsonObject factor = new JsonObject();
    for (String name : List.of("points", "measured", "expected", "reason", "advice")) {
      if (found.containsKey(name)) {
        factor.put(name, found.getValue(name));
      }
    }
    return factor;
  }

  Map<HealthState, Long> counts(SqlConnection connection) {
    Map<HealthState, Long> counts = new EnumMap<>(HealthState.class);
    for (HealthState state : HealthState.values()) {
      counts.put(state, 0L);
    }
    stream(connection, COUNTS, Tuple.tuple())
        .forEach(row -> counts.put(HealthState.of(row.getString("state")), row.getLong("tenants")));
    return counts;
  }

  /** When the last round ended; none where there was none. */
  Optional<Instant> judgedAt(SqlConnection connection) {
    return stream(connection, ROUND, Tuple.tuple())
        .findFirst()
        .flatMap(row -> instant(row, "ended_at"));
  }

  /** How a tenant did, in the order of time; the newest of it where that is too much. */
  List<JsonObject> history(
      SqlConnection connection, UUID tenant, Instant from, Instant to, int most) {
    Tuple values = Tuple.of(tenant, utc(from), utc(to), most);
    return stream(connection, HISTORY, values)
        .map(row -> {
          JsonObject document =
              new JsonObject()
                  .put("time", instant(row, "at").orElseThrow().toString())
                  .put("state", row.getString("state"));
          HealthStore.scoreOf(row.getInteger("score"))
              .ifPresent(score -> document.put("score", score));
          Optional.ofNullable(row.getString("reason"))
              .ifPresent(reason -> document.put("reason", reason));
          return document;
        })
        .toList()
        .reversed();
  }

  private static Stream<Row> stream(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values).await().stream();
  }
}
