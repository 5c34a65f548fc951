package dev.gatehouse.controlplane.member;

import dev.gatehouse.contract.token.SecretToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Invitations in PostgreSQL: those that nobody has accepted or revoked. */
final class InvitationStore {
  private static final String COLUMNS =
      "id, tenant_id, email, role, invited_by, hash, expires_at, created_at";

  private static final String INSERT =
      """
      INSERT INTO invitation (id, tenant_id, email, role, invited_by, hash, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      RETURNING
      """
          + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM invitation WHERE id = $1";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM invitation WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  private static final String COUNT = "SELECT count(*) FROM invitation WHERE tenant_id = $1";

  private static final String FORGET_EXPIRED =
      "DELETE FROM invitation WHERE tenant_id = $1 AND expires_at < now()";

  private static final String DELETE = "DELETE FROM invitation WHERE id = $1";

  private static final String DELETE_OF =
      "DELETE FROM invitation WHERE tenant_id = $1 AND invited_by = $2";

  private static final String DELETE_ALL = "DELETE FROM invitation WHERE tenant_id = $1";

  Invitation insert(
      SqlConnection tx,
      UUID tenant,
      SecretToken secret,
      String email,
      String role,
      Optional<UUID> invitedBy,
      Instant expiresAt) {
    Tuple values =
        Tuple.tuple()
            .addString(secret.id())
            .addUUID(tenant)
            .addString(email)
            .addString(role)
            .addUUID(invitedBy.orElse(null))
            .addBuffer(Buffer.buffer(secret.hash()))
            .addOffsetDateTime(expiresAt.atOffset(ZoneOffset.UTC));
    return stream(tx.preparedQuery(INSERT).execute(values).await()).findFirst().orElseThrow();
  }

  Optional<Invitation> find(SqlConnection connection, String id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(id)).await()).findFirst();
  }

  List<Invitation> list(SqlConnection connection, UUID tenant, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(tenant, after, count)).await())
        .toList();
  }

  long count(SqlConnection connection, UUID tenant) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(tenant))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  void forgetExpired(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(FORGET_EXPIRED).execute(Tuple.of(tenant)).await();
  }

  /** Whether it was there: of several who delete it, one is told so. */
  boolean delete(SqlConnection tx, String id) {
    return tx.preparedQuery(DELETE).execute(Tuple.of(id)).await().rowCount() == 1;
  }

  /** Those that a user has sent for a tenant. */
  void deleteOf(SqlConnection tx, UUID tenant, UUID invitedBy) {
    tx.preparedQuery(DELETE_OF).execute(Tuple.of(tenant, invitedBy)).await();
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
  }

  private static Stream<Invitation> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Invitation(
                row.getString("id"),
                row.getUUID("tenant_id"),
                row.getString("email"),
                row.getString("role"),
                Optional.ofNullable(row.getUUID("invited_by")),
                row.getBuffer("hash").getBytes(),
                row.getOffsetDateTime("expires_at").toInstant(),
                row.getOffsetDateTime("created_at").toInstant()));
  }
}
