package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.Checkpoint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Checkpoints in PostgreSQL, and the ends of chains that they state. */
final class CheckpointStore {
  /**
   * One instance at a time makes checkpoints and their keys; the lock ends with the transaction.
   */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('gatehouse.audit.checkpoint'))";

  /** In the order of the chains' bytes, which is that of the tree's leaves. */
  private static final String ENDS = "SELECT id, length, hash FROM audit.chain ORDER BY id";

  private static final String INSERT =
      """
      INSERT INTO audit.checkpoint
             (sequence, at, previous, tree_size, root_hash, hash, signatures)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  /** An end that an earlier checkpoint has stated is there already. */
  private static final String INSERT_HEADS =
      """
      INSERT INTO audit.checkpoint_head (chain, length, hash, checkpoint)
      SELECT head.chain, head.length, head.hash, $4
        FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS head (chain, length, hash)
      ON CONFLICT (chain, length) DO NOTHING
      """;

  private static final String LIST =
      """
      SELECT sequence, at, previous, tree_size, root_hash, signatures FROM audit.checkpoint
       WHERE sequence < $1
       ORDER BY sequence DESC LIMIT $2
      """;

  private static final String HEADS =
      """
      SELECT DISTINCT ON (chain) chain AS id, length, hash FROM audit.checkpoint_head
       WHERE checkpoint <= $1
       ORDER BY chain, length DESC
      """;

  void lock(SqlConnection tx) {
    tx.query(LOCK).execute().await();
  }

  /** Where all chains end now. */
  List<Checkpoint.Head> ends(SqlConnection tx) {
    return heads(tx.query(ENDS).execute().await());
  }

  /** Where all chains ended at a checkpoint. */
  List<Checkpoint.Head> headsAt(SqlConnection connection, long sequence) {
    return heads(connection.preparedQuery(HEADS).execute(Tuple.of(sequence)).await());
  }

  void insert(SqlConnection tx, StoredCheckpoint made, List<Checkpoint.Head> heads) {
    Checkpoint checkpoint = made.checkpoint();
    tx.preparedQuery(INSERT)
        .execute(
            Tuple.tuple()
                .addLong(checkpoint.sequence())
                .addOffsetDateTime(checkpoint.time().atOffset(ZoneOffset.UTC))
                .addString(checkpoint.previous())
                .addLong(checkpoint.treeSize())
                .addString(checkpoint.rootHash())
                .addString(checkpoint.hash())
                .addValue(made.signatures()))
        .await();
    tx.preparedQuery(INSERT_HEADS)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(heads.stream().map(Checkpoint.Head::chain).toArray(UUID[]::new))
                .addArrayOfLong(heads.stream().map(Checkpoint.Head::length).toArray(Long[]::new))
                .addArrayOfBuffer(
                    heads.stream().map(head -> Buffer.buffer(head.hash())).toArray(Buffer[]::new))
                .addLong(checkpoint.sequence()))
        .await();
  }

  Optional<StoredCheckpoint> newest(SqlConnection connection) {
    return list(connection, Long.MAX_VALUE, 1).stream().findFirst();
  }

  /** A page, the newest first. */
  List<StoredCheckpoint> list(SqlConnection connection, long before, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(before, count)).await())
        .map(row ->
            new StoredCheckpoint(
                new Checkpoint(
                    row.getLong("sequence"),
                    row.getOffsetDateTime("at").toInstant(),
                    row.getString("previous"),
                    row.getLong("tree_size"),
                    row.getString("root_hash")),
                (JsonArray) row.getJson("signatures")))
        .toList();
  }

  private static List<Checkpoint.Head> heads(Iterable<Row> rows) {
    return stream(rows)
        .map(row ->
            new Checkpoint.Head(
                row.getUUID("id"), row.getLong("length"), row.getBuffer("hash").getBytes()))
        .toList();
  }

  private static Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }
}
