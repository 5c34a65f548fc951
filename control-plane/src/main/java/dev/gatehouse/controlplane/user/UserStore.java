package dev.gatehouse.controlplane.user;

import dev.gatehouse.controlplane.access.PlatformRole;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Users in PostgreSQL. */
final class UserStore {
  private static final String COLUMNS =
      "id, issuer, subject, email, display_name, platform_role, version, created_at, updated_at";

  private static final String INSERT =
      """
      INSERT INTO platform_user (id, issuer, subject, email, display_name, platform_role)
      VALUES ($1, $2, $3, $4, $5, $6)
      RETURNING
      """
          + COLUMNS;

  /** The provider knows best what an identity is called today. */
  private static final String MEET =
      """
      INSERT INTO platform_user (id, issuer, subject, email, display_name)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT ON CONSTRAINT platform_user_identity_key DO UPDATE
         SET email = excluded.email, display_name = excluded.display_name,
             version = platform_user.version + 1, updated_at = now()
      RETURNING
      """
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE platform_user
         SET email = $2, display_name = $3, platform_role = $4,
             version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM platform_user WHERE id = $1";
  private static final String FIND_BY_SUBJECT =
      "SELECT " + COLUMNS + " FROM platform_user WHERE issuer = $1 AND subject = $2";

  private static final String LOCK = FIND + " FOR NO KEY UPDATE";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + """
           FROM platform_user
           WHERE id > $1 AND ($2::text IS NULL OR email = $2)
           ORDER BY id LIMIT $3
          """;

  private static final String DELETE = "DELETE FROM platform_user WHERE id = $1";

  User insert(SqlConnection tx, UUID id, String issuer, String subject, UserDraft draft) {
    Tuple values =
        Tuple.of(
            id, issuer, subject, draft.email(), draft.displayName(), roleOf(draft).orElse(null));
    return stream(tx.preparedQuery(INSERT).execute(values).await()).findFirst().orElseThrow();
  }

  /** The user of an identity, who is made where nobody knew the identity. */
  User meet(SqlConnection tx, UUID id, String issuer, String subject, UserDraft draft) {
    Tuple values = Tuple.of(id, issuer, subject, draft.email(), draft.displayName());
    return stream(tx.preparedQuery(MEET).execute(values).await()).findFirst().orElseThrow();
  }

  User update(SqlConnection tx, UUID id, UserDraft draft) {
    Tuple values = Tuple.of(id, draft.email(), draft.displayName(), roleOf(draft).orElse(null));
    return stream(tx.preparedQuery(UPDATE).execute(values).await()).findFirst().orElseThrow();
  }

  Optional<User> find(SqlConnection connection, UUID id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(id)).await()).findFirst();
  }

  /** The user of an identity. */
  Optional<User> findBySubject(SqlConnection connection, String issuer, String subject) {
    Tuple values = Tuple.of(issuer, subject);
    return stream(connection.preparedQuery(FIND_BY_SUBJECT).execute(values).await()).findFirst();
  }

  /** The user, whom no other transaction changes until this one ends. */
  Optional<User> lock(SqlConnection tx, UUID id) {
    return stream(tx.preparedQuery(LOCK).execute(Tuple.of(id)).await()).findFirst();
  }

  List<User> list(SqlConnection connection, Optional<String> email, UUID after, int count) {
    Tuple values = Tuple.of(after, email.orElse(null), count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  void delete(SqlConnection tx, UUID id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  private static Optional<String> roleOf(UserDraft draft) {
    return draft.platformRole().map(PlatformRole::wireName);
  }

  private static Stream<User> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new User(
                row.getUUID("id"),
                row.getString("issuer"),
                row.getString("subject"),
                row.getString("email"),
                row.getString("display_name"),
                Optional.ofNullable(row.getString("platform_role")).map(PlatformRole::of),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
