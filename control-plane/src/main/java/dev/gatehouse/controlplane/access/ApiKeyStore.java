package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.edge.EdgeApiKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** API keys in PostgreSQL. */
final class ApiKeyStore {
  private static final String COLUMNS =
      "id, tenant_id, hash, subject, roles, scopes, expires_at, created_at, last_used_at";

  private static final String INSERT =
      """
      INSERT INTO api_key (id, tenant_id, hash, subject, roles, scopes, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      RETURNING
      """
          + COLUMNS;

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM api_key WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM api_key WHERE tenant_id = $1 AND id = $2";

  private static final String SUCCEED =
      """
      UPDATE api_key SET expires_at = $3, succeeded_by = $4 WHERE tenant_id = $1 AND id = $2
      RETURNING
      """
          + COLUMNS;

  private static final String SUCCESSOR =
      "SELECT succeeded_by FROM api_key WHERE id = $1 AND succeeded_by IS NOT NULL";

  private static final String USED =
      """
      UPDATE api_key AS key SET last_used_at = used.at
        FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at)
       WHERE key.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)
      """;

  private static final String DELETE = "DELETE FROM api_key WHERE tenant_id = $1 AND id = $2";

  private static final String DELETE_SOME =
      """
      DELETE FROM api_key
       WHERE id IN (SELECT id FROM api_key WHERE tenant_id = $1 ORDER BY id LIMIT $2)
      RETURNING id
      """;

  private static final String COUNT = "SELECT count(*) FROM api_key WHERE tenant_id = $1";

  ApiKey insert(SqlConnection tx, EdgeApiKey key) {
    OffsetDateTime expiry =
        key.expiresAt().map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
    Tuple values =
        Tuple.tuple()
            .addString(key.id())
            .addUUID(key.tenantId())
            .addBuffer(Buffer.buffer(HexFormat.of().parseHex(key.hash())))
            .addString(key.subject())
            .addArrayOfString(sorted(key.roles()))
            .addArrayOfString(sorted(key.scopes().orElse(Set.of())))
            .addOffsetDateTime(expiry);
    return stream(tx.preparedQuery(INSERT).execute(values).await()).findFirst().orElseThrow();
  }

  Optional<ApiKey> find(SqlConnection connection, UUID tenantId, String id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(tenantId, id)).await())
        .findFirst();
  }

  /** The key that took the place of another. */
  Optional<String> successorOf(SqlConnection tx, String id) {
    for (Row row : tx.preparedQuery(SUCCESSOR).execute(Tuple.of(id)).await()) {
      return Optional.of(row.getString(0));
    }
    return Optional.empty();
  }

  /** Lets a key end, as another has taken its place. */
  ApiKey succeed(SqlConnection tx, ApiKey key, Instant end, String successor) {
    Tuple values =
        Tuple.of(key.edge().tenantId(), key.edge().id(), end.atOffset(ZoneOffset.UTC), successor);
    return stream(tx.preparedQuery(SUCCEED).execute(values).await()).findFirst().orElseThrow();
  }

  void noteUse(SqlConnection connection, Map<String, Instant> lastUses) {
    connection.preparedQuery(USED).execute(LastUse.toTuple(lastUses)).await();
  }

  List<ApiKey> list(SqlConnection connection, UUID tenantId, String after, int count) {
    Tuple values = Tuple.of(tenantId, after, count);
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

  boolean delete(SqlConnection tx, UUID tenantId, String id) {
    return tx.preparedQuery(DELETE).execute(Tuple.of(tenantId, id)).await().rowCount() == 1;
  }

  /** Returns the ids of the keys that are gone. */
  List<String> deleteSome(SqlConnection tx, UUID tenantId, int most) {
    Iterable<Row> rows = tx.preparedQuery(DELETE_SOME).execute(Tuple.of(tenantId, most)).await();
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
  }

  private static String[] sorted(Set<String> words) {
    return words.stream().sorted().toArray(String[]::new);
  }

  private static Stream<ApiKey> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(ApiKeyStore::key);
  }

  private static ApiKey key(Row row) {
    Optional<Instant> expiresAt =
        Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant);
    return new ApiKey(
        new EdgeApiKey(
            row.getString("id"),
            row.getUUID("tenant_id"),
            HexFormat.of().formatHex(row.getBuffer("hash").getBytes()),
            row.getString("subject"),
            Set.of(row.getArrayOfStrings("roles")),
            expiresAt,
            Optional.of(Set.of(row.getArrayOfStrings("scopes"))).filter(set -> !set.isEmpty())),
        row.getOffsetDateTime("created_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("last_used_at")).map(OffsetDateTime::toInstant));
  }
}
