package dev.gatehouse.controlplane.keyset;

import static dev.gatehouse.controlplane.database.SqlTime.utc;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Keysets in PostgreSQL, wrapped, and how much their keys were used. Blocks. */
final class KeysetStore {
  private static final String FIND =
      "SELECT wrapped FROM tenant_keyset WHERE tenant_id = $1 AND kind = $2";

  /**
   * One statement, since those who encrypt have no transaction. None for a tenant that is deleted,
   * or has another key of its own meanwhile.
   */
  private static final String INSERT =
      """
      WITH alive AS (
        SELECT id FROM tenant
         WHERE id = $1 AND status <> 'deleted' AND customer_key IS NOT DISTINCT FROM $6 FOR SHARE
      ), made AS (
        INSERT INTO tenant_keyset (tenant_id, kind, wrapped, rotated_at)
        SELECT id, $2, $3, $4 FROM alive
        ON CONFLICT ON CONSTRAINT tenant_keyset_pkey DO NOTHING
        RETURNING tenant_id, kind
      )
      INSERT INTO tenant_key (tenant_id, kind, id, created_at)
      SELECT tenant_id, kind, $5, $4 FROM made
      """;

  private static final String CUSTOMER_KEY = "SELECT customer_key FROM tenant WHERE id = $1";

  private static final String UPDATE =
      """
      UPDATE tenant_keyset
         SET wrapped = $3, rotated_at = coalesce($4, rotated_at), full_since = NULL
       WHERE tenant_id = $1 AND kind = $2
      """;

  private static final String INSERT_KEY =
      "INSERT INTO tenant_key (tenant_id, kind, id, created_at) VALUES ($1, $2, $3, $4)";

  private static final String DELETE_KEY =
      "DELETE FROM tenant_key WHERE tenant_id = $1 AND kind = $2 AND id = $3";

  private static final String KEYS =
      """
      SELECT id, created_at, used FROM tenant_key
       WHERE tenant_id = $1 AND kind = $2 ORDER BY created_at, id
      """;

  private static final String COUNT_USES =
      """
      UPDATE tenant_key SET used = used + $4
       WHERE tenant_id = $1 AND kind = $2 AND id = $3 AND used + $4 <= $5
      """;

  /** What cannot be rotated is passed over, so that it does not stand before others for ever. */
  private static final String DUE =
      """
      SELECT s.tenant_id, s.kind
        FROM tenant_keyset s JOIN tenant t ON t.id = s.tenant_id
         AND t.status <> 'deleted' AND t.key_withheld_at IS NULL
       WHERE (s.rotated_at <= $1
              OR EXISTS (SELECT 1 FROM tenant_key k
                          WHERE k.tenant_id = s.tenant_id AND k.kind = s.kind
                            AND k.created_at >= s.rotated_at AND k.used >= $2))
         AND (SELECT count(*) FROM tenant_key k
               WHERE k.tenant_id = s.tenant_id AND k.kind = s.kind) < $3
       ORDER BY s.rotated_at LIMIT 1
      """;

  private static final String FULL =
      """
      UPDATE tenant_keyset f SET full_since = now()
        FROM (SELECT s.tenant_id, s.kind
                FROM tenant_keyset s JOIN tenant t ON t.id = s.tenant_id
                 AND t.status <> 'deleted' AND t.key_withheld_at IS NULL
               WHERE s.full_since IS NULL
                 AND (s.rotated_at <= $1
                      OR EXISTS (SELECT 1 FROM tenant_key k
                                  WHERE k.tenant_id = s.tenant_id AND k.kind = s.kind
                                    AND k.created_at >= s.rotated_at AND k.used >= $2))
                 AND (SELECT count(*) FROM tenant_key k
                       WHERE k.tenant_id = s.tenant_id AND k.kind = s.kind) >= $3
               LIMIT 1 FOR UPDATE OF s SKIP LOCKED) due
       WHERE f.tenant_id = due.tenant_id AND f.kind = due.kind
      RETURNING f.tenant_id, f.kind
      """;

  private static final String FULL_SINCE =
      "SELECT full_since FROM tenant_keyset WHERE tenant_id = $1 AND kind = $2";

  private static final String ALIVE =
      "SELECT id FROM tenant WHERE id = ANY ($1) AND status <> 'deleted' ORDER BY id";

  private static final String DELETED =
      "SELECT id FROM tenant WHERE status = 'deleted' ORDER BY id";

  private static final String SEVERAL_KEYS =
      """
      SELECT k.tenant_id FROM tenant_key k JOIN tenant t ON t.id = k.tenant_id
       WHERE k.kind = $1 AND t.status <> 'deleted' AND t.key_withheld_at IS NULL
       GROUP BY k.tenant_id HAVING count(*) > 1 LIMIT 1
      """;

  private static final String DELETE_ALL = "DELETE FROM tenant_keyset WHERE tenant_id = $1";

  /** A keyset as it rests. */
  Optional<Buffer> find(SqlConnection connection, KeysetOf name) {
    return first(FIND, connection, name);
  }

  /** The same; no other transaction changes it until this one ends. */
  Optional<Buffer> lock(SqlConnection tx, KeysetOf name) {
    return first(FIND + " FOR UPDATE", tx, name);
  }

  private static Optional<Buffer> first(String sql, SqlConnection connection, KeysetOf name) {
    RowSet<Row> rows = connection.preparedQuery(sql).execute(keyOf(name)).await();
    return rows.stream().map(row -> row.getBuffer("wrapped")).findFirst();
  }

  /** Id of the key of the tenant's own that its keysets rest under, if there is one. */
  Optional<UUID> customerKey(SqlConnection connection, UUID tenant) {
    RowSet<Row> rows = connection.preparedQuery(CUSTOMER_KEY).execute(Tuple.of(tenant)).await();
    return rows.stream()
        .map(row -> row.getUUID("customer_key"))
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** Does nothing where there is one already, or the tenant's own key is another one. */
  void insert(
      SqlConnection connection,
      KeysetOf name,
      byte[] wrapped,
      int key,
      Instant now,
      Optional<UUID> customerKey) {
    connection
        .preparedQuery(INSERT)
        .execute(
            keyOf(name)
                .addBuffer(Buffer.buffer(wrapped))
                .addOffsetDateTime(utc(now))
                .addLong(TenantKey.numberOf(key))
                .addUUID(customerKey.orElse(null)))
        .await();
  }

  /** Puts a keyset in place of another that has one key less. */
  void addKey(SqlConnection tx, KeysetOf name, byte[] wrapped, int key, Instant now) {
    Tuple keyset = keyOf(name).addBuffer(Buffer.buffer(wrapped)).addOffsetDateTime(utc(now));
    tx.preparedQuery(UPDATE).execute(keyset).await();
    Tuple values = keyOf(name).addLong(TenantKey.numberOf(key)).addOffsetDateTime(utc(now));
    tx.preparedQuery(INSERT_KEY).execute(values).await();
  }

  /** Puts a keyset in place of one with the same keys. */
  void replace(SqlConnection tx, KeysetOf name, byte[] wrapped) {
    Tuple keyset = keyOf(name).addBuffer(Buffer.buffer(wrapped)).addOffsetDateTime(null);
    tx.preparedQuery(UPDATE).execute(keyset).await();
  }

  /** Puts a keyset in place of another that has one key more. */
  void removeKey(SqlConnection tx, KeysetOf name, byte[] wrapped, int key) {
    Tuple keyset = keyOf(name).addBuffer(Buffer.buffer(wrapped)).addOffsetDateTime(null);
    tx.preparedQuery(UPDATE).execute(keyset).await();
    tx.preparedQuery(DELETE_KEY).execute(keyOf(name).addLong(TenantKey.numberOf(key))).await();
  }

  /** The keys of a keyset, the oldest first. */
  List<TenantKey> keys(SqlConnection connection, KeysetOf name) {
    RowSet<Row> rows = connection.preparedQuery(KEYS).execute(keyOf(name)).await();
    return rows.stream()
        .map(row ->
            new TenantKey(
                row.getLong("id").intValue(),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getLong("used")))
        .toList();
  }

  /**
   * Counts uses of a key before they are made.
   *
   * @return whether it may be used as often
   */
  boolean countUses(SqlConnection connection, KeysetOf name, int key, long uses, long most) {
    Tuple values = keyOf(name).addLong(TenantKey.numberOf(key)).addLong(uses).addLong(most);
    return connection.preparedQuery(COUNT_USES).execute(values).await().rowCount() == 1;
  }

  /**
   * A keyset whose key is old, or was used much.
   *
   * @param fewerThan how many keys it may have
   */
  Optional<KeysetOf> due(
      SqlConnection connection, Instant olderThan, long usedMore, int fewerThan) {
    return first(DUE, connection, Tuple.of(utc(olderThan), usedMore, fewerThan));
  }

  /** The same of those that have as many keys as they may, once; it is marked. */
  Optional<KeysetOf> full(SqlConnection tx, Instant olderThan, long usedMore, int most) {
    return first(FULL, tx, Tuple.of(utc(olderThan), usedMore, most));
  }

  /** Since when a keyset is marked as full, if it is. */
  Optional<Instant> fullSince(SqlConnection connection, KeysetOf name) {
    RowSet<Row> rows = connection.preparedQuery(FULL_SINCE).execute(keyOf(name)).await();
    return rows.stream()
        .map(row -> row.getOffsetDateTime("full_since"))
        .filter(Objects::nonNull)
        .map(OffsetDateTime::toInstant)
        .findFirst();
  }

  private static Optional<KeysetOf> first(String sql, SqlConnection connection, Tuple values) {
    RowSet<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return rows.stream()
        .map(row -> new KeysetOf(row.getUUID("tenant_id"), KeysetKind.of(row.getString("kind"))))
        .findFirst();
  }

  /** Those of the tenants that are not deleted. */
  List<UUID> alive(SqlConnection connection, List<UUID> tenants) {
    return ids(connection.preparedQuery(ALIVE).execute(Tuple.of(tenants.toArray(UUID[]::new))));
  }

  /** All tenants that are deleted. */
  List<UUID> deleted(SqlConnection connection) {
    return ids(connection.query(DELETED).execute());
  }

  private static List<UUID> ids(Future<RowSet<Row>> rows) {
    return rows.await().stream().map(row -> row.getUUID("id")).toList();
  }

  /** A keyset of this kind that has several keys. */
  Optional<KeysetOf> withSeveralKeys(SqlConnection connection, KeysetKind kind) {
    RowSet<Row> rows =
        connection.preparedQuery(SEVERAL_KEYS).execute(Tuple.of(kind.wireName())).await();
    return rows.stream().map(row -> new KeysetOf(row.getUUID("tenant_id"), kind)).findFirst();
  }

  /** Returns how many there were. */
  int deleteAll(SqlConnection tx, UUID tenant) {
    return tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await().rowCount();
  }

  private static Tuple keyOf(KeysetOf name) {
    return Tuple.of(name.tenant(), name.kind().wireName());
  }
}
