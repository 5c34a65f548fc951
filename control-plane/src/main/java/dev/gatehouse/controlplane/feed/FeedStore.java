package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.secret.Sealer;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code edge_object} as lines of the feed. Blocks: virtual threads only. */
final class FeedStore {
  private static final Logger LOG = LoggerFactory.getLogger(FeedStore.class);
  private static final int BATCH = 500;
  private static final long QUERY_TIMEOUT_SECONDS = 10;

  // One statement sees one state: the newest revision and all rows up to it.
  private static final String DELTAS =
      """
      SELECT r.revision AS newest, r.purged_through,
             o.revision, o.kind, o.key, o.payload::text AS payload,
             k.tenant_id, k.wrapped, t.key_withheld_at IS NOT NULL AS withheld
        FROM edge_revision r
        LEFT JOIN LATERAL (
          SELECT * FROM edge_object WHERE revision > $1 ORDER BY revision LIMIT $2) o ON true
        LEFT JOIN tenant_keyset k
          ON k.kind = 'secrets'
         AND k.tenant_id = CASE WHEN o.kind IN ('identity-provider', 'introspection', 'certificate')
                                THEN (o.payload ->> 'tenantId')::uuid END
        LEFT JOIN tenant t ON t.id = k.tenant_id
       ORDER BY o.revision
      """;

  private static final String SNAPSHOT =
      """
      SELECT o.revision, o.kind, o.key, o.payload::text AS payload, k.tenant_id, k.wrapped
        FROM edge_object o
      LEFT JOIN tenant_keyset k
        ON k.kind = 'secrets'
       AND k.tenant_id = CASE WHEN o.kind IN ('identity-provider', 'introspection', 'certificate')
                              THEN (o.payload ->> 'tenantId')::uuid END
      LEFT JOIN tenant t ON t.id = k.tenant_id
       WHERE NOT o.removed AND t.key_withheld_at IS NULL
      """;

  // The counter is locked before the objects, in the order in which writers lock them.
  private static final String PURGE =
      """
      WITH old AS (
        SELECT greatest(
          (SELECT max(revision) FROM edge_object
            WHERE removed AND changed_at < now() - make_interval(secs => $1)),
          (SELECT revision FROM edge_object
            WHERE removed ORDER BY revision DESC OFFSET $2 LIMIT 1)) AS through
      ), marked AS (
        UPDATE edge_revision SET purged_through = greatest(purged_through, old.through)
          FROM old WHERE old.through IS NOT NULL
        RETURNING purged_through
      )
      DELETE FROM edge_object USING marked WHERE removed AND revision <= marked.purged_through
      """;

  private final Pool pool;
  private final Sealer masterKey;
  private final TenantSealers sealers;

  FeedStore(Pool pool, Sealer masterKey, TenantSealers sealers) {
    this.pool = pool;
    this.masterKey = masterKey;
    this.sealers = sealers;
  }

  /** Takes the lines of a snapshot; may wait, and so slows the reading. */
  interface SnapshotReader {
    void read(List<FeedLine> lines) throws TimeoutException;
  }

  /**
   * What changed after the revision, at most {@value #BATCH} lines.
   *
   * @throws TimeoutException if the database does not answer
   */
  Deltas after(long revision) throws TimeoutException {
    RowSet<Row> rows =
        pool.preparedQuery(DELTAS)
            .execute(Tuple.of(revision, BATCH))
            .await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    List<FeedLine> lines = new ArrayList<>();
    long newest = 0;
    long purgedThrough = 0;
    long last = revision;
    int changes = 0;
    for (Row row : rows) {
      newest = row.getLong("newest");
      purgedThrough = row.getLong("purged_through");
      if (row.getValue("revision") != null) {
        boolean withheld = row.getBoolean("withheld");
        (withheld ? removalOf(row) : lineOf(row)).ifPresent(lines::add);
        last = row.getLong("revision");
        changes++;
      }
    }
    return new Deltas(lines, changes < BATCH ? newest : last, newest, purgedThrough);
  }

  /**
   * Hands over all that exists, as of one moment, a batch at a time.
   *
   * @return the revision of that moment
   * @throws TimeoutException if the database does not answer, or the reader timed out
   */
  long snapshot(SnapshotReader reader) throws TimeoutException {
    SqlConnection connection = pool.getConnection().await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    try {
      connection.begin().await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return readSnapshot(connection, reader);
    } finally {
      // Ends the transaction as well.
      connection.close();
    }
  }

  private long readSnapshot(SqlConnection tx, SnapshotReader reader) throws TimeoutException {
    tx.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .execute()
        .await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    long revision =
        tx.query("SELECT revision FROM edge_revision")
            .execute()
            .await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .iterator()
            .next()
            .getLong(0);
    reader.read(List.of(FeedLine.of(new FeedMessage.SnapshotBegin(revision))));
    Cursor cursor = tx.prepare(SNAPSHOT).await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS).cursor();
    do {
      List<FeedLine> lines = new ArrayList<>(BATCH);
      for (Row row : cursor.read(BATCH).await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        lineOf(row).ifPresent(lines::add);
      }
      reader.read(lines);
    } while (cursor.hasMore());
    reader.read(List.of(FeedLine.of(new FeedMessage.SnapshotEnd(revision))));
    return revision;
  }

  /**
   * Forgets removals that are older than this, and all but the newest so many.
   *
   * @throws TimeoutException if the database does not answer
   */
  void purgeTombstones(Duration age, int keep) throws TimeoutException {
    pool.preparedQuery(PURGE)
        .execute(Tuple.of(age.toMillis() / 1000.0, keep))
        .await(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private Sealer sealerOf(Row row) {
    UUID tenant = row.getUUID("tenant_id");
    return tenant == null ? masterKey : sealers.of(tenant, row.getBuffer("wrapped"));
  }

  /** Of an object whose secret belongs to a tenant that withholds its key, until that is back. */
  private static Optional<FeedLine> removalOf(Row row) {
    EdgeObject.Kind kind = EdgeObject.Kind.fromWireName(row.getString("kind"));
    return Optional.of(
        FeedLine.of(new FeedMessage.Remove(row.getLong("revision"), kind, row.getString("key"))));
  }

  /** Empty for an object that cannot be read: it is left out and reported, the rest holds. */
  private Optional<FeedLine> lineOf(Row row) {
    long revision = row.getLong("revision");
    try {
      EdgeObject.Kind kind = EdgeObject.Kind.fromWireName(row.getString("kind"));
      String key = row.getString("key");
      String stored = row.getString("payload");
      return Optional.of(
          FeedLine.of(
              stored == null
                  ? new FeedMessage.Remove(revision, kind, key)
                  : new FeedMessage.Upsert(
                      revision, EdgePayload.fromStored(kind, key, stored, sealerOf(row)))));
    } catch (ProblemException e) {
      LOG.info("revision {} is not in the feed yet: {}", revision, e.getMessage());
      return Optional.empty();
    } catch (IllegalArgumentException | IllegalStateException e) {
      LOG.error("revision {} is not in the feed: {}", revision, e.getMessage(), e);
      return Optional.empty();
    }
  }
}
