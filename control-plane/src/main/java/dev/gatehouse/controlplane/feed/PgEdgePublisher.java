package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.secret.Sealer;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Writes changes to {@code edge_object}; nothing else does. Any thread that may wait. */
public final class PgEdgePublisher implements EdgePublisher {
  // One statement, so that the counter stays locked no longer than one round trip and the commit.
  // A notification is delivered at commit, and never after a rollback.
  private static final String WRITE =
      """
      WITH next AS (
        UPDATE edge_revision SET revision = revision + 1 RETURNING revision
      ), written AS (
        INSERT INTO edge_object (kind, key, revision, payload, removed)
        SELECT $1, $2, next.revision, $3, $4 FROM next
        ON CONFLICT (kind, key) DO UPDATE
           SET revision = excluded.revision, payload = excluded.payload,
               removed = excluded.removed, changed_at = excluded.changed_at
        RETURNING revision
      )
      SELECT revision, pg_notify('edge_revision', revision::text) FROM written
      """;

  private static final String SECRETS_OF =
      """
      SELECT kind, key FROM edge_object
       WHERE kind IN ('identity-provider', 'introspection', 'certificate')
         AND NOT removed AND payload ->> 'tenantId' = $1::uuid::text
       ORDER BY kind, key
      """;

  private static final String RETELL =
      """
      WITH next AS (
        UPDATE edge_revision SET revision = revision + 1 RETURNING revision
      ), written AS (
        UPDATE edge_object SET revision = next.revision, changed_at = now() FROM next
         WHERE kind = $1 AND key = $2 AND NOT removed
        RETURNING edge_object.revision
      )
      SELECT revision, pg_notify('edge_revision', revision::text) FROM written
      """;

  private final TenantSealers sealers;

  /**
   * @param sealers seal private keys and secrets at rest
   */
  public PgEdgePublisher(TenantSealers sealers) {
    this.sealers = sealers;
  }

  @Override
  public long upsert(SqlConnection tx, EdgeObject object) {
    return write(tx, valuesOf(tx, object));
  }

  @Override
  public long remove(SqlConnection tx, EdgeObject.Kind kind, String key) {
    return write(tx, Tuple.of(kind.wireName(), key, null, true));
  }

  @Override
  public void retellSecrets(SqlConnection tx, UUID tenant) {
    for (Row row : tx.preparedQuery(SECRETS_OF).execute(Tuple.of(tenant)).await()) {
      Tuple object = Tuple.of(row.getString("kind"), row.getString("key"));
      tx.preparedQuery(RETELL).execute(object).await();
    }
  }

  @Override
  public void upsertAll(SqlConnection tx, List<EdgeObject> objects) {
    writeAll(tx, objects.stream().map(object -> valuesOf(tx, object)).toList());
  }

  @Override
  public void removeAll(SqlConnection tx, EdgeObject.Kind kind, List<String> keys) {
    writeAll(tx, keys.stream().map(key -> Tuple.of(kind.wireName(), key, null, true)).toList());
  }

  private Tuple valuesOf(SqlConnection tx, EdgeObject object) {
    Sealer sealer = sealers.of(tx, EdgePayload.tenantOf(object));
    return Tuple.of(
        object.kind().wireName(), object.key(), EdgePayload.toStored(object, sealer), false);
  }

  private static void writeAll(SqlConnection tx, List<Tuple> objects) {
    if (!objects.isEmpty()) {
      tx.preparedQuery(WRITE).executeBatch(objects).await();
    }
  }

  private static long write(SqlConnection tx, Tuple object) {
    return tx.preparedQuery(WRITE).execute(object).await().iterator().next().getLong("revision");
  }
}
