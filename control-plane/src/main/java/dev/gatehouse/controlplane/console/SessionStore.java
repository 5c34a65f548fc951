package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.RequestOrigin;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Sessions of the console in PostgreSQL. Tokens take theirs with them when they go. */
final class SessionStore {
  private static final String INSERT =
      """
      INSERT INTO console_session
             (id, hash, operator_token, user_token, address, user_agent, created_at, used_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
      """;

  private static final String FIND =
      """
      SELECT id, operator_token, user_token, notice,
             used_at < $2::timestamptz - interval '1 minute' AS stale
        FROM console_session
       WHERE hash = $1
         AND used_at > $2::timestamptz - $3 * interval '1 second'
         AND created_at > $2::timestamptz - $4 * interval '1 second'
      """;

  private static final String USE = "UPDATE console_session SET used_at = $2 WHERE id = $1";

  private static final String NOTICE = "UPDATE console_session SET notice = $2 WHERE id = $1";

  private static final String OF_TOKEN =
      """
      SELECT id, address, user_agent, created_at, used_at
        FROM console_session
       WHERE (operator_token = $1 OR user_token = $1)
         AND used_at > $2::timestamptz - $3 * interval '1 second'
         AND created_at > $2::timestamptz - $4 * interval '1 second'
       ORDER BY created_at DESC, id DESC
      """;

  private static final String DELETE =
      "DELETE FROM console_session WHERE id = $1 AND (operator_token = $2 OR user_token = $2)";

  private static final String DELETE_ALL =
      "DELETE FROM console_session WHERE operator_token = $1 OR user_token = $1 RETURNING id";

  /** Those of the token beyond the newest, and all that are over. */
  private static final String FORGET =
      """
      DELETE FROM console_session
       WHERE created_at < $3::timestamptz - $4 * interval '1 second'
          OR id IN (SELECT id FROM console_session
                     WHERE operator_token = $1 OR user_token = $1
                     ORDER BY created_at DESC, id DESC OFFSET $2)
      """;

  /** What is stored of a session: whose token it is bound to. */
  record Found(UUID id, boolean ofUser, String token, Optional<String> notice, boolean stale) {}

  void insert(
      SqlConnection tx,
      UUID id,
      SessionSecret secret,
      Caller caller,
      RequestOrigin origin,
      Instant now) {
    boolean ofUser = caller.user().isPresent();
    Tuple values =
        Tuple.of(
            id,
            Buffer.buffer(secret.hash()),
            ofUser ? null : caller.tokenId(),
            ofUser ? caller.tokenId() : null,
            origin.address(),
            origin.userAgent(),
            now.atOffset(ZoneOffset.UTC));
    tx.preparedQuery(INSERT).execute(values).await();
  }

  Optional<Found> find(
      SqlConnection connection,
      SessionSecret secret,
      Instant now,
      Duration idle,
      Duration longest) {
    Tuple values =
        Tuple.of(
            Buffer.buffer(secret.hash()),
            now.atOffset(ZoneOffset.UTC),
            idle.toSeconds(),
            longest.toSeconds());
    return stream(connection.preparedQuery(FIND).execute(values).await())
        .map(row -> {
          Optional<String> ofUser = Optional.ofNullable(row.getString("user_token"));
          return new Found(
              row.getUUID("id"),
              ofUser.isPresent(),
              ofUser.orElseGet(() -> row.getString("operator_token")),
              Optional.ofNullable(row.getString("notice")),
              row.getBoolean("stale"));
        })
        .findFirst();
  }

  void noteUse(SqlConnection connection, UUID id, Instant now) {
    connection.preparedQuery(USE).execute(Tuple.of(id, now.atOffset(ZoneOffset.UTC))).await();
  }

  void putNotice(SqlConnection connection, UUID id, Optional<String> notice) {
    connection.preparedQuery(NOTICE).execute(Tuple.of(id, notice.orElse(null))).await();
  }

  List<Session.Shown> ofToken(
      SqlConnection connection, String token, Instant now, Duration idle, Duration longest) {
    Tuple values =
        Tuple.of(token, now.atOffset(ZoneOffset.UTC), idle.toSeconds(), longest.toSeconds());
    return stream(connection.preparedQuery(OF_TOKEN).execute(values).await())
        .map(row ->
            new Session.Shown(
                row.getUUID("id"),
                row.getString("address"),
                row.getString("user_agent"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("used_at").toInstant()))
        .toList();
  }

  boolean delete(SqlConnection tx, UUID id, String token) {
    return tx.preparedQuery(DELETE).execute(Tuple.of(id, token)).await().rowCount() == 1;
  }

  /** Those of a token; gives their ids. */
  List<UUID> deleteAll(SqlConnection tx, String token) {
    return stream(tx.preparedQuery(DELETE_ALL).execute(Tuple.of(token)).await())
        .map(row -> row.getUUID("id"))
        .toList();
  }

  void forget(SqlConnection tx, String token, int kept, Instant now, Duration longest) {
    Tuple values = Tuple.of(token, kept, now.atOffset(ZoneOffset.UTC), longest.toSeconds());
    tx.preparedQuery(FORGET).execute(values).await();
  }

  private static Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }
}
