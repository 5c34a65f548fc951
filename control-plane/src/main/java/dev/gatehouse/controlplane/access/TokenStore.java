package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
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
  private static final String INSERT =
      """
      INSERT INTO access_token (id, kind, name, hash) VALUES ($1, $2, $3, $4)
      ON CONFLICT (id) DO UPDATE SET kind = $2, name = $3, hash = $4
      RETURNING id, kind, name, hash, created_at
      """;

  private static final String FIND =
      "SELECT id, kind, name, hash, created_at FROM access_token WHERE id = $1 AND kind = $2";

  private static final String LIST =
      """
      SELECT id, kind, name, hash, created_at FROM access_token
       WHERE id > $1
       ORDER BY id LIMIT $2
      """;

  /** Serialises what depends on which tokens there are. */
  private static final String LOCK = "LOCK TABLE access_token IN SHARE ROW EXCLUSIVE MODE";

  private static final String COUNT = "SELECT count(*) FROM access_token WHERE kind = $1";

  private static final String DELETE =
      "DELETE FROM access_token WHERE id = $1 RETURNING id, kind, name, hash, created_at";

  private static final String NAMES = "SELECT id, name FROM access_token WHERE id = ANY($1)";

  void lock(SqlConnection tx) {
    tx.query(LOCK).execute().await();
  }

  Token put(SqlConnection tx, SecretToken secret, String name) {
    Tuple values =
        Tuple.of(secret.id(), wireName(secret.kind()), name, Buffer.buffer(secret.hash()));
    return stream(tx.preparedQuery(INSERT).execute(values).await()).findFirst().orElseThrow();
  }

  Optional<Token> find(SqlConnection connection, SecretToken.Kind kind, String id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(id, wireName(kind))).await())
        .findFirst();
  }

  List<Token> list(SqlConnection connection, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(after, count)).await()).toList();
  }

  long count(SqlConnection connection, SecretToken.Kind kind) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(wireName(kind)))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  Optional<Token> delete(SqlConnection tx, String id) {
    return stream(tx.preparedQuery(DELETE).execute(Tuple.of(id)).await()).findFirst();
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
                row.getBuffer("hash").getBytes(),
                row.getOffsetDateTime("created_at").toInstant()));
  }
}
