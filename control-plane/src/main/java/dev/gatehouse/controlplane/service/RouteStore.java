package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeRoute;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Routes in PostgreSQL. */
final class RouteStore {
  private static final String COLUMNS =
      "id, hosts, path_prefix, methods, service, version, created_at, updated_at";

  private static final String INSERT =
      """
      INSERT INTO route (id, hosts, path_prefix, methods, service) VALUES ($1, $2, $3, $4, $5)
      RETURNING
      """
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE route
         SET hosts = $2, path_prefix = $3, methods = $4, service = $5,
             version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM route WHERE id = $1";
  private static final String LOCK = FIND + " FOR NO KEY UPDATE";

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM route WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2";

  private static final String DELETE = "DELETE FROM route WHERE id = $1";
  private static final String LEADS_TO = "SELECT 1 FROM route WHERE service = $1 LIMIT 1";

  Route insert(SqlConnection tx, EdgeRoute route) {
    return one(tx.preparedQuery(INSERT).execute(values(route)).await());
  }

  Route update(SqlConnection tx, EdgeRoute route) {
    return one(tx.preparedQuery(UPDATE).execute(values(route)).await());
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

  boolean leadsTo(SqlConnection tx, String service) {
    return tx.preparedQuery(LEADS_TO).execute(Tuple.of(service)).await().size() > 0;
  }

  private static Tuple values(EdgeRoute route) {
    String[] methods = route.methods().orElseThrow().stream().sorted().toArray(String[]::new);
    return Tuple.of(
        route.id(),
        route.hosts().wireName(),
        route.pathPrefix().orElseThrow(),
        methods,
        route.service().orElseThrow());
  }

  private static Route one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<Route> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(RouteStore::route);
  }

  private static Route route(Row row) {
    EdgeRoute edge =
        Route.of(
            row.getUUID("id"),
            EdgeRoute.HostClass.fromWireName(row.getString("hosts")),
            row.getString("path_prefix"),
            Set.of(row.getArrayOfStrings("methods")),
            row.getString("service"));
    return new Route(
        edge,
        row.getLong("version"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }
}
