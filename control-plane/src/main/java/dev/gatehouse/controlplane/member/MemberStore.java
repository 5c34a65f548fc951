package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.tenant.TenantName;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Memberships in PostgreSQL. That a tenant keeps an owner, a trigger sees to. */
final class MemberStore {
  private static final String MEMBERS =
      """
      SELECT user_id, email, display_name, role, membership.version, membership.created_at,
             membership.updated_at
        FROM membership JOIN platform_user ON platform_user.id = user_id
       WHERE tenant_id = $1
      """;

  private static final String FIND = MEMBERS + " AND user_id = $2";

  private static final String LIST =
      MEMBERS
          + """
           AND user_id > $2 AND ($3::text IS NULL OR role = $3) ORDER BY user_id LIMIT $4
          """;

  private static final String INSERT =
      "INSERT INTO membership (tenant_id, user_id, role) VALUES ($1, $2, $3)";

  private static final String UPDATE =
      """
      UPDATE membership SET role = $3, version = version + 1, updated_at = now()
       WHERE tenant_id = $1 AND user_id = $2
      """;

  private static final String DELETE =
      "DELETE FROM membership WHERE tenant_id = $1 AND user_id = $2";

  private static final String DELETE_ALL = "DELETE FROM membership WHERE tenant_id = $1";

  private static final String COUNT_MEMBERS =
      "SELECT count(*) FROM membership WHERE tenant_id = $1";

  private static final String MEMBERSHIPS =
      """
      SELECT tenant.id, slug, tenant.name, status, role, permissions, membership.created_at
        FROM membership
        JOIN tenant ON tenant.id = membership.tenant_id AND status <> 'deleted'
        LEFT JOIN tenant_role
               ON tenant_role.tenant_id = membership.tenant_id AND tenant_role.name = custom_role
       WHERE user_id = $1
      """;

  private static final String LIST_MEMBERSHIPS = MEMBERSHIPS + " ORDER BY tenant.id";
  private static final String IN_TENANT_OF_ID = MEMBERSHIPS + " AND tenant.id = $2";
  private static final String IN_TENANT_OF_SLUG = MEMBERSHIPS + " AND slug = $2";

  Optional<Member> find(SqlConnection connection, UUID tenant, UUID user) {
    return members(connection.preparedQuery(FIND).execute(Tuple.of(tenant, user)).await())
        .findFirst();
  }

  List<Member> list(
      SqlConnection connection, UUID tenant, Optional<String> role, UUID after, int count) {
    Tuple values = Tuple.of(tenant, after, role.orElse(null), count);
    return members(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  void insert(SqlConnection tx, UUID tenant, UUID user, String role) {
    tx.preparedQuery(INSERT).execute(Tuple.of(tenant, user, role)).await();
  }

  void update(SqlConnection tx, UUID tenant, UUID user, String role) {
    tx.preparedQuery(UPDATE).execute(Tuple.of(tenant, user, role)).await();
  }

  void delete(SqlConnection tx, UUID tenant, UUID user) {
    tx.preparedQuery(DELETE).execute(Tuple.of(tenant, user)).await();
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
  }

  long count(SqlConnection connection, UUID tenant) {
    return connection
        .preparedQuery(COUNT_MEMBERS)
        .execute(Tuple.of(tenant))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  List<Membership> memberships(SqlConnection connection, UUID user) {
    return memberships(connection.preparedQuery(LIST_MEMBERSHIPS).execute(Tuple.of(user)).await())
        .toList();
  }

  Optional<Membership> membership(SqlConnection connection, UUID user, TenantName tenant) {
    var query =
        switch (tenant) {
          case TenantName.Id(UUID id) ->
              connection.preparedQuery(IN_TENANT_OF_ID).execute(Tuple.of(user, id));
          case TenantName.OfSlug(String slug) ->
              connection.preparedQuery(IN_TENANT_OF_SLUG).execute(Tuple.of(user, slug));
        };
    return memberships(query.await()).findFirst();
  }

  private static Stream<Member> members(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Member(
                row.getUUID("user_id"),
                row.getString("email"),
                row.getString("display_name"),
                row.getString("role"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }

  private static Stream<Membership> memberships(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Membership(
                row.getUUID("id"),
                row.getString("slug"),
                row.getString("name"),
                row.getString("status"),
                row.getString("role"),
                RoleService.permissionsOf(
                    row.getString("role"), row.getArrayOfStrings("permissions")),
                row.getOffsetDateTime("created_at").toInstant()));
  }
}
