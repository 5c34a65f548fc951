package dev.gatehouse.controlplane.user;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.access.LastUse;
import dev.gatehouse.controlplane.access.PlatformRole;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.TokenBounds;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Tokens of users in PostgreSQL. */
final class UserTokenStore {
  private static final String COLUMNS = "id, name, scopes, expires_at, created_at, last_used_at";

  private static final String INSERT =
      """
      INSERT INTO user_token (id, user_id, name, hash, scopes, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      RETURNING
      """
          + COLUMNS;

  private static final String HOLDER =
      """
      SELECT hash, scopes, expires_at, user_id, email, platform_role
        FROM user_token JOIN platform_user ON platform_user.id = user_id
       WHERE user_token.id = $1
      """;

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM user_token WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  private static final String COUNT = "SELECT count(*) FROM user_token WHERE user_id = $1";

  private static final String FORGET_EXPIRED =
      "DELETE FROM user_token WHERE user_id = $1 AND expires_at < now()";

  private static final String DELETE = "DELETE FROM user_token WHERE user_id = $1 AND id = $2";

  private static final String USED =
      """
      UPDATE user_token AS token SET last_used_at = used.at
        FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at)
       WHERE token.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)
      """;

  /** Whose token it is, and what proves it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Holder(
      UUID user,
      String email,
      Optional<PlatformRole> platformRole,
      byte[] hash,
      TokenBounds bounds) {}

  UserToken insert(
      SqlConnection tx, UUID user, SecretToken secret, String name, TokenBounds bounds) {
    Tuple values =
        Tuple.of(
            secret.id(),
            user,
            name,
            Buffer.buffer(secret.hash()),
            bounds.scopes().map(Permissions::names).orElse(null),
            bounds.expiresAt().orElseThrow().atOffset(ZoneOffset.UTC));
    return stream(tx.preparedQuery(INSERT).execute(values).await()).findFirst().orElseThrow();
  }

  Optional<Holder> holder(SqlConnection connection, String id) {
    Iterable<Row> rows = connection.preparedQuery(HOLDER).execute(Tuple.of(id)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Holder(
                row.getUUID("user_id"),
                row.getString("email"),
                Optional.ofNullable(row.getString("platform_role")).map(PlatformRole::of),
                row.getBuffer("hash").getBytes(),
                boundsIn(row)))
        .findFirst();
  }

  List<UserToken> list(SqlConnection connection, UUID user, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(user, after, count)).await())
        .toList();
  }

  long count(SqlConnection connection, UUID user) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(user))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  void forgetExpired(SqlConnection tx, UUID user) {
    tx.preparedQuery(FORGET_EXPIRED).execute(Tuple.of(user)).await();
  }

  boolean delete(SqlConnection tx, UUID user, String id) {
    return tx.preparedQuery(DELETE).execute(Tuple.of(user, id)).await().rowCount() == 1;
  }

  void noteUse(SqlConnection connection, Map<String, Instant> lastUses) {
    connection.preparedQuery(USED).execute(LastUse.toTuple(lastUses)).await();
  }

  private static TokenBounds boundsIn(Row row) {
    return new TokenBounds(
        Optional.ofNullable(row.getArrayOfStrings("scopes")).map(Permissions::stored),
        Optional.of(row.getOffsetDateTime("expires_at").toInstant()));
  }

  private static Stream<UserToken> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new UserToken(
                row.getString("id"),
                row.getString("name"),
                boundsIn(row),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("last_used_at"))
                    .map(OffsetDateTime::toInstant)));
  }
}
