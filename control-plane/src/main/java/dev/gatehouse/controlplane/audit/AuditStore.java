package dev.gatehouse.controlplane.audit;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Entries in PostgreSQL, which are added and read and nothing else. */
final class AuditStore {
  private static final String APPEND = "SELECT audit.append($1, $2, $3, $4, $5)";

  private static final String COLUMNS = "SELECT chain, sequence, at, entry, hash FROM audit.entry";

  private static final String EXPORT =
      COLUMNS
          + """

           WHERE chain = $1 AND sequence >= $2 AND sequence <= $3
           ORDER BY sequence LIMIT $4
          """;

  private static final String LENGTH = "SELECT length FROM audit.chain WHERE id = $1";

  private static final String CHAINS =
      """
      SELECT id, length, at FROM audit.chain
       WHERE length > 0 AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2
      """;

  private static final String HASH =
      "SELECT hash FROM audit.entry WHERE chain = $1 AND sequence = $2";

  /** Times never go back within a chain, so a range of time is a range of sequence numbers. */
  private static final String LIST =
      COLUMNS
          + """

           WHERE chain = $1 AND sequence < $2
             AND sequence >= CASE WHEN $3::timestamptz IS NULL THEN 1 ELSE coalesce(
                   (SELECT sequence FROM audit.entry WHERE chain = $1 AND at >= $3
                     ORDER BY at, sequence LIMIT 1), $2) END
             AND sequence <= CASE WHEN $4::timestamptz IS NULL THEN $2 ELSE coalesce(
                   (SELECT sequence FROM audit.entry WHERE chain = $1 AND at < $4
                     ORDER BY at DESC, sequence DESC LIMIT 1), 0) END
          """;

  /** Adds an entry; the chain stays locked until the transaction ends. */
  void append(SqlConnection tx, AuditRecord added) {
    tx.preparedQuery(APPEND).execute(values(added)).await();
  }

  /**
   * Adds entries to several chains.
   *
   * @param added in the order of their chains, so that two transactions never wait for each other
   */
  void append(SqlConnection tx, List<AuditRecord> added) {
    if (!added.isEmpty()) {
      tx.preparedQuery(APPEND)
          .executeBatch(added.stream().map(AuditStore::values).toList())
          .await();
    }
  }

  /** A page, the newest first. */
  List<AuditEntry> list(
      SqlConnection connection, UUID chain, AuditFilter filter, long before, int count) {
    Tuple values =
        Tuple.tuple()
            .addUUID(chain)
            .addLong(before)
            .addOffsetDateTime(utc(filter.from()))
            .addOffsetDateTime(utc(filter.to()));
    StringBuilder sql = new StringBuilder(LIST);
    equal("action", filter.action(), sql, values);
    equal("actor", filter.actor(), sql, values);
    equal("resource", filter.resource(), sql, values);
    values.addInteger(count);
    sql.append(" ORDER BY sequence DESC LIMIT $").append(values.size());
    return stream(connection.preparedQuery(sql.toString()).execute(values).await()).toList();
  }

  /** Entries in their order. */
  List<AuditEntry> range(SqlConnection connection, UUID chain, long from, long to, int count) {
    Tuple values = Tuple.of(chain, from, to, count);
    return stream(connection.preparedQuery(EXPORT).execute(values).await()).toList();
  }

  /** How many entries a chain has. */
  long length(SqlConnection connection, UUID chain) {
    return first(connection.preparedQuery(LENGTH).execute(Tuple.of(chain)).await())
        .map(row -> row.getLong(0))
        .orElse(0L);
  }

  /** Where chains end, in the order of their ids. */
  List<ChainEnd> chains(SqlConnection connection, Optional<UUID> after, int count) {
    @Nullable UUID behind = after.orElse(null);
    Tuple values = Tuple.of(behind, count);
    return StreamSupport.stream(
            connection.preparedQuery(CHAINS).execute(values).await().spliterator(), false)
        .map(row ->
            new ChainEnd(
                row.getUUID("id"), row.getLong("length"), row.getOffsetDateTime("at").toInstant()))
        .toList();
  }

  Optional<byte[]> hash(SqlConnection connection, UUID chain, long sequence) {
    return first(connection.preparedQuery(HASH).execute(Tuple.of(chain, sequence)).await())
        .map(row -> row.getBuffer(0).getBytes());
  }

  private static void equal(
      String column, Optional<String> wanted, StringBuilder sql, Tuple values) {
    wanted.ifPresent(value -> {
      values.addString(value);
      sql.append(" AND ").append(column).append(" = $").append(values.size());
    });
  }

  private static @Nullable OffsetDateTime utc(Optional<Instant> time) {
    return time.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
  }

  private static Tuple values(AuditRecord added) {
    return Tuple.of(
        added.chain(), added.action(), added.actor().id(), added.resource(), added.entry());
  }

  private static Optional<Row> first(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).findFirst();
  }

  private static Stream<AuditEntry> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new AuditEntry(
                row.getUUID("chain"),
                row.getLong("sequence"),
                row.getOffsetDateTime("at").toInstant(),
                row.getString("entry"),
                row.getBuffer("hash").getBytes()));
  }
}
