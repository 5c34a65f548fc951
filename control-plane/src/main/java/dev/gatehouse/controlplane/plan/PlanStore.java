package dev.gatehouse.controlplane.plan;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Plans in PostgreSQL. */
final class PlanStore {
  private static final String INSERT =
      """
      INSERT INTO plan (name, document) VALUES ($1, $2)
      RETURNING name, document, version, created_at, updated_at
      """;

  private static final String UPDATE =
      """
      UPDATE plan SET document = $2, version = version + 1, updated_at = now()
       WHERE name = $1
      RETURNING name, document, version, created_at, updated_at
      """;

  private static final String FIND =
      "SELECT name, document, version, created_at, updated_at FROM plan WHERE name = $1";

  /** Also keeps what would name it from being written meanwhile. */
  private static final String LOCK = FIND + " FOR UPDATE";

  private static final String LIST =
      """
      SELECT name, document, version, created_at, updated_at FROM plan
       WHERE name > $1
       ORDER BY name LIMIT $2
      """;

  /** Keeps it from being deleted until the transaction ends. */
  private static final String HOLD = FIND + " FOR KEY SHARE";

  private static final String DELETE = "DELETE FROM plan WHERE name = $1";

  Plan insert(SqlConnection tx, String name, JsonObject document) {
    return one(tx.preparedQuery(INSERT).execute(Tuple.of(name, document)).await());
  }

  Plan update(SqlConnection tx, String name, JsonObject document) {
    return one(tx.preparedQuery(UPDATE).execute(Tuple.of(name, document)).await());
  }

  Optional<Plan> find(SqlConnection connection, String name) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(name)).await()).findFirst();
  }

  Optional<Plan> lock(SqlConnection tx, String name) {
    return stream(tx.preparedQuery(LOCK).execute(Tuple.of(name)).await()).findFirst();
  }

  List<Plan> list(SqlConnection connection, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(after, count)).await()).toList();
  }

  /** The plan, which stays until this transaction ends. */
  Optional<Plan> hold(SqlConnection tx, String name) {
    return stream(tx.preparedQuery(HOLD).execute(Tuple.of(name)).await()).findFirst();
  }

  void delete(SqlConnection tx, String name) {
    tx.preparedQuery(DELETE).execute(Tuple.of(name)).await();
  }

  private static Plan one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<Plan> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Plan(
                row.getString("name"),
                (JsonObject) row.getJson("document"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
