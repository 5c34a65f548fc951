package dev.gatehouse.controlplane.identity;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Client authorities in PostgreSQL. */
final class ClientAuthorityStore {
  private static final String COLUMNS = "id, tenant_id, document, version, created_at, updated_at";

  private static final String INSERT =
      "INSERT INTO client_authority (id, tenant_id, document) VALUES ($1, $2, $3) RETURNING "
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE client_authority SET document = $2, version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM client_authority WHERE tenant_id = $1 AND id = $2";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + """
           FROM client_authority
           WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3
          """;

  private static final String COUNT = "SELECT count(*) FROM client_authority WHERE tenant_id = $1";

  private static final String DELETE = "DELETE FROM client_authority WHERE id = $1";

  private static final String DELETE_ALL =
      "DELETE FROM client_authority WHERE tenant_id = $1 RETURNING id";

  ClientAuthority insert(SqlConnection tx, UUID id, UUID tenantId, JsonObject document) {
    return one(tx.preparedQuery(INSERT).execute(Tuple.of(id, tenantId, document)).await());
  }

  ClientAuthority update(SqlConnection tx, UUID id, JsonObject document) {
    return one(tx.preparedQuery(UPDATE).execute(Tuple.of(id, document)).await());
  }

  Optional<ClientAuthority> find(SqlConnection connection, UUID tenantId, UUID id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(tenantId, id)).await())
        .findFirst();
  }

  List<ClientAuthority> list(
      SqlConnection connection, UUID tenantId, Optional<UUID> after, int count) {
    Tuple values = Tuple.of(tenantId, after.orElse(null), count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  long count(SqlConnection connection, UUID tenantId) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(tenantId))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  void delete(SqlConnection tx, UUID id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  /** Returns the ids of those that are gone. */
  List<UUID> deleteAll(SqlConnection tx, UUID tenantId) {
    Iterable<Row> rows = tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenantId)).await();
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getUUID(0)).toList();
  }

  private static ClientAuthority one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<ClientAuthority> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new ClientAuthority(
                row.getUUID("id"),
                row.getUUID("tenant_id"),
                (JsonObject) row.getJson("document"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
