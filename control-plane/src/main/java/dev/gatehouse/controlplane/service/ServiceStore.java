package dev.gatehouse.controlplane.service;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Services in PostgreSQL. */
final class ServiceStore {
  private static final String INSERT =
      """
      INSERT INTO service (name, document) VALUES ($1, $2)
      RETURNING name, document, version, created_at, updated_at
      """;

  private static final String UPDATE =
      """
      UPDATE service SET document = $2, version = version + 1, updated_at = now()
       WHERE name = $1
      RETURNING name, document, version, created_at, updated_at
      """;

  private static final String FIND =
      "SELECT name, document, version, created_at, updated_at FROM service WHERE name = $1";

  /** Also keeps routes that would lead to it from being added meanwhile. */
  private static final String LOCK = FIND + " FOR UPDATE";

  private static final String LIST =
      """
      SELECT name, document, version, created_at, updated_at FROM service
       WHERE name > $1
       ORDER BY name LIMIT $2
      """;

  private static final String DELETE = "DELETE FROM service WHERE name = $1";

  Service insert(SqlConnection tx, String name, JsonObject document) {
    return one(tx.preparedQuery(INSERT).execute(Tuple.of(name, document)).await());
  }

  Service update(SqlConnection tx, String name, JsonObject document) {
    return one(tx.preparedQuery(UPDATE).execute(Tuple.of(name, document)).await());
  }

  Optional<Service> find(SqlConnection connection, String name) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(name)).await()).findFirst();
  }

  Optional<Service> lock(SqlConnection tx, String name) {
    return stream(tx.preparedQuery(LOCK).execute(Tuple.of(name)).await()).findFirst();
  }

  List<Service> list(SqlConnection connection, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(after, count)).await()).toList();
  }

  void delete(SqlConnection tx, String name) {
    tx.preparedQuery(DELETE).execute(Tuple.of(name)).await();
  }

  private static Service one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<Service> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new Service(
                    row.getString("name"),
                    (JsonObject) row.getJson("document"),
                    row.getLong("version"),
                    row.getOffsetDateTime("created_at").toInstant(),
                    row.getOffsetDateTime("updated_at").toInstant()));
  }
}
