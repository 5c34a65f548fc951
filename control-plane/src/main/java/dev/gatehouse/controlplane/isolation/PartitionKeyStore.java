package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The keys of partitions in PostgreSQL, sealed. */
final class PartitionKeyStore {
  private static final String INSERT =
      "INSERT INTO partition_key (id, partition, secret) VALUES ($1, $2, $3)";

  private static final String LIST =
      """
      SELECT id, partition, secret, created_at, mints_from, ends_at FROM partition_key
       WHERE partition = $1 ORDER BY created_at, id
      """;

  private static final String MINTS_FROM =
      "UPDATE partition_key SET mints_from = $2 WHERE id = $1 AND mints_from IS NULL";

  private static final String ENDS = "UPDATE partition_key SET ends_at = $2 WHERE id = $1";
  private static final String DELETE = "DELETE FROM partition_key WHERE id = $1";

  private final MasterKey masterKey;

  PartitionKeyStore(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  void insert(SqlConnection tx, String id, String partition, byte[] secret) {
    Buffer sealed = Buffer.buffer(masterKey.seal(secret, contextOf(id)));
    tx.preparedQuery(INSERT).execute(Tuple.of(id, partition, sealed)).await();
  }

  /** Those of a partition, the oldest first. */
  List<PartitionKey> list(SqlConnection connection, String partition) {
    Iterable<Row> rows = connection.preparedQuery(LIST).execute(Tuple.of(partition)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new PartitionKey(
                row.getString("id"),
                row.getString("partition"),
                Base64.getEncoder()
                    .encodeToString(
                        masterKey.open(
                            row.getBuffer("secret").getBytes(), contextOf(row.getString("id")))),
                row.getOffsetDateTime("created_at").toInstant(),
                time(row, "mints_from"),
                time(row, "ends_at")))
        .toList();
  }

  void mintsFrom(SqlConnection tx, String id, Instant time) {
    tx.preparedQuery(MINTS_FROM).execute(Tuple.of(id, time.atOffset(ZoneOffset.UTC))).await();
  }

  void endsAt(SqlConnection tx, String id, Instant time) {
    tx.preparedQuery(ENDS).execute(Tuple.of(id, time.atOffset(ZoneOffset.UTC))).await();
  }

  void delete(SqlConnection tx, String id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  private static String contextOf(String id) {
    return "partition_key/" + id;
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.get(OffsetDateTime.class, column))
        .map(OffsetDateTime::toInstant);
  }
}
