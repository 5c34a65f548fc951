package dev.gatehouse.controlplane.access;

import static dev.gatehouse.controlplane.database.SqlTime.instant;
import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.GatewayNames;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.TokenBounds;
import dev.gatehouse.controlplane.database.SqlTime;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Tokens of operators and gateways in PostgreSQL. */
final class TokenStore {
  private static final String COLUMNS =
      "id, kind, name, role, scopes, expires_at, gateway, hash, created_at, last_used_at";

  private static final String PUT =
      """
      INSERT INTO access_token (id, kind, name, role, scopes, expires_at, hash, gateway)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (id) DO UPDATE
         SET kind = $2, name = $3, role = $4, scopes = $5, expires_at = $6, hash = $7,
             gateway = $8, succeeded_by = NULL
      RETURNING
      """
          + COLUMNS;

  private static final String FIND = "SELECT " + COLUMNS + " FROM access_token WHERE id = $1";

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM access_token WHERE id > $1 ORDER BY id LIMIT $2";

  /** Serialises what depends on which tokens there are; those who only note a use go on. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('access_token'))";

  private static final String COUNT = "SELECT count(*) FROM access_token WHERE kind = $1";

  private static final String COUNT_LASTING_ADMINS =
      """
      SELECT count(*) FROM access_token
       WHERE role = 'admin' AND scopes IS NULL AND expires_at IS NULL
      """;

  private static final String SUCCEED =
      "UPDATE access_token SET expires_at = $2, succeeded_by = $3 WHERE id = $1";

  private static final String SUCCESSOR =
      "SELECT succeeded_by FROM access_token WHERE id = $1 AND succeeded_by IS NOT NULL";

  private static final String DELETE = "DELETE FROM access_token WHERE id = $1";

  private static final String FORGET_EXPIRED =
      "DELETE FROM access_token WHERE expires_at < now() - interval '30 days'";

  private static final String USED =
      """
      UPDATE access_token AS token SET last_used_at = used.at
        FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at)
       WHERE token.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)
      """;

  private static final String NAMES = "SELECT id, name FROM access_token WHERE id = ANY($1)";

  void lock(SqlConnection tx) {
    tx.query(LOCK).execute().await();
  }

  Token put(
      SqlConnection tx,
      SecretToken secret,
      String name,
      Optional<PlatformRole> role,
      TokenBounds bounds) {
    Tuple values =
        Tuple.of(
            secret.id(),
            wireName(secret.kind()),
            name,
            role.map(PlatformRole::wireName).orElse(null),
            bounds.scopes().map(Permissions::names).orElse(null),
            bounds.expiresAt().map(SqlTime::utc).orElse(null),
            Buffer.buffer(secret.hash()),
            bounds.gateways().map(GatewayNames::text).orElse(null));
    return stream(tx.preparedQuery(PUT).execute(values).await()).findFirst().orElseThrow();
  }

  Optional<Token> find(SqlConnection connection, String id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(id)).await()).findFirst();
  }

  List<Token> list(SqlConnection connection, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(after, count)).await()).toList();
  }

  long count(SqlConnection connection, SecretToken.Kind kind) {
    return number(connection.preparedQuery(COUNT).execute(Tuple.of(wireName(kind))).await());
  }

  long countLastingAdmins(SqlConnection connection) {
    return number(connection.query(COUNT_LASTING_ADMINS).execute().await());
  }

  /** The token that took the place of another. */
  Optional<String> successorOf(SqlConnection tx, String id) {
    for (Row row : tx.preparedQuery(SUCCESSOR).execute(Tuple.of(id)).await()) {
      return Optional.of(row.getString(0));
    }
    return Optional.empty();
  }

  /** Lets a token end, as another has taken its place. */
  void succeed(SqlConnection tx, String id, Instant end, String successor) {
    tx.preparedQuery(SUCCEED).execute(Tuple.of(id, utc(end), successor)).await();
  }

  void delete(SqlConnection tx, String id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  void forgetExpired(SqlConnection tx) {
    tx.query(FORGET_EXPIRED).execute().await();
  }

  void noteUse(SqlConnection connection, Map<String, Instant> lastUses) {
    connection.preparedQuery(USED).execute(LastUse.toTuple(lastUses)).await();
  }

  private static long number(Iterable<Row> rows) {
    return rows.iterator().next().getLong(0);
  }

  /** Names of the tokens among these that exist, by their ids. */
  Map<String, String> names(SqlConnection connection, Set<String> ids) {
    Map<String, String> names = new HashMap<>();
    Tuple values = Tuple.tuple().addArrayOfString(ids.toArray(String[]::new));
    for (Row row : connection.preparedQuery(NAMES).execute(values).await()) {
      names.put(row.getString("id"), row.getString("name"));
    }
    return names;
  }

  private static String wireName(SecretToken.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Stream<Token> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Token(
                row.getString("id"),
                SecretToken.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("name"),
                Optional.ofNullable(row.getString("role")).map(PlatformRole::of),
                new TokenBounds(
                    Optional.ofNullable(row.getArrayOfStrings("scopes")).map(Permissions::stored),
                    instant(row, "expires_at"),
                    Optional.ofNullable(row.getString("gateway")).map(GatewayNames::new)),
                row.getBuffer("hash").getBytes(),
                row.getOffsetDateTime("created_at").toInstant(),
                instant(row, "last_used_at")));
  }
}
