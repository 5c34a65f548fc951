package dev.gatehouse.controlplane.service;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Routes in PostgreSQL, each with the services that it leads to. */
final class RouteStore {
  private static final String COLUMNS = "id, document, version, created_at, updated_at";

  private static final String INSERT =
      "INSERT INTO route (id, document) VALUES ($1, $2) RETURNING " + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE route SET document = $2, version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String FORGET_SERVICES = "DELETE FROM route_service WHERE route_id = $1";

  private static final String KEEP_SERVICES =
      "INSERT INTO route_service (route_id, service) SELECT $1, unnest($2::text[])";

  /** The rows of tenants stay when tenants are deleted. */
  private static final String KNOWN_TENANTS = "SELECT id FROM tenant WHERE id = ANY ($1)";

  private static final String FIND = "SELECT " + COLUMNS + " FROM route WHERE id = $1";
  private static final String LOCK = FIND + " FOR NO KEY UPDATE";

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM route WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2";

  private static final String DELETE = "DELETE FROM route WHERE id = $1";

  Route insert(SqlConnection tx, UUID id, JsonObject document, Set<String> services) {
    Route route = one(tx.preparedQuery(INSERT).execute(Tuple.of(id, document)).await());
    keepServices(tx, id, services);
    return route;
  }

  Route update(SqlConnection tx, UUID id, JsonObject document, Set<String> services) {
    Route route = one(tx.preparedQuery(UPDATE).execute(Tuple.of(id, document)).await());
    tx.preparedQuery(FORGET_SERVICES).execute(Tuple.of(id)).await();
    keepServices(tx, id, services);
    return route;
  }

  Optional<Route> find(SqlConnection connection, UUID id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(id)).await()).findFirst();
  }

  Optional<Route> lock(SqlConnection tx, UUID id) {
    return stream(tx.preparedQuery(LOCK).execute(Tuple.of(id)).await()).findFirst();
  }

  List<Route> list(SqlConnection connection, Optional<UUID> after, int count) {
    Tuple values = Tuple.of(after.orElse(null), count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  void delete(SqlConnection tx, UUID id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  /** Those of the ids that are, or were, a tenant's. */
  Set<UUID> knownTenants(SqlConnection connection, Collection<UUID> ids) {
    Tuple values = Tuple.of(ids.toArray(UUID[]::new));
    Iterable<Row> rows = connection.preparedQuery(KNOWN_TENANTS).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getUUID("id"))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void keepServices(SqlConnection tx, UUID id, Set<String> services) {
    Tuple values = Tuple.of(id, (Object) services.toArray(String[]::new));
    tx.preparedQuery(KEEP_SERVICES).execute(values).await();
  }

  private static Route one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<Route> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Route(
                row.getUUID("id"),
                (JsonObject) row.getJson("document"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
