package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Custom roles in PostgreSQL. */
final class RoleStore {
  private static final String COLUMNS = "name, permissions, version, created_at, updated_at";

  private static final String INSERT =
      "INSERT INTO tenant_role (tenant_id, name, permissions) VALUES ($1, $2, $3) RETURNING "
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE tenant_role SET permissions = $3, version = version + 1, updated_at = now()
       WHERE tenant_id = $1 AND name = $2
      RETURNING
      """
          + COLUMNS;

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM tenant_role WHERE tenant_id = $1 ORDER BY name";

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM tenant_role WHERE tenant_id = $1 AND name = $2";

  private static final String DELETE = "DELETE FROM tenant_role WHERE tenant_id = $1 AND name = $2";

  private static final String DELETE_ALL = "DELETE FROM tenant_role WHERE tenant_id = $1";

  CustomRole insert(SqlConnection tx, UUID tenant, String name, Set<Permission> permissions) {
    return write(tx, INSERT, tenant, name, permissions);
  }

  CustomRole update(SqlConnection tx, UUID tenant, String name, Set<Permission> permissions) {
    return write(tx, UPDATE, tenant, name, permissions);
  }

  List<CustomRole> list(SqlConnection connection, UUID tenant) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(tenant)).await()).toList();
  }

  Optional<CustomRole> find(SqlConnection connection, UUID tenant, String name) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(tenant, name)).await())
        .findFirst();
  }

  void delete(SqlConnection tx, UUID tenant, String name) {
    tx.preparedQuery(DELETE).execute(Tuple.of(tenant, name)).await();
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
  }

  private static CustomRole write(
      SqlConnection tx, String sql, UUID tenant, String name, Set<Permission> permissions) {
    Tuple values =
        Tuple.tuple()
            .addUUID(tenant)
            .addString(name)
            .addArrayOfString(Permissions.names(permissions));
    return stream(tx.preparedQuery(sql).execute(values).await()).findFirst().orElseThrow();
  }

  private static Stream<CustomRole> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new CustomRole(
                row.getString("name"),
                Permissions.stored(row.getArrayOfStrings("permissions")),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
