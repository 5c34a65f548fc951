package dev.gatehouse.controlplane.provisioning;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The progress of provisioning in PostgreSQL. */
final class ProvisioningStore {
  private static final String INSERT =
      """
      INSERT INTO provisioning_step (tenant_id, name, position, state)
      SELECT $1, name, position, 'waiting'
        FROM unnest($2::text[]) WITH ORDINALITY AS step (name, position)
      """;

  private static final String LIST =
      """
      SELECT name, state, attempts, started_at, ended_at FROM provisioning_step
       WHERE tenant_id = $1 ORDER BY position
      """;

  /** The first one that is not done. */
  private static final String BEGIN =
      """
      UPDATE provisioning_step
         SET state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, now())
       WHERE tenant_id = $1 AND state <> 'done'
         AND position = (SELECT min(position) FROM provisioning_step
                          WHERE tenant_id = $1 AND state <> 'done')
      RETURNING name
      """;

  private static final String DONE =
      """
      UPDATE provisioning_step SET state = 'done', ended_at = now()
       WHERE tenant_id = $1 AND name = $2
      """;

  private static final String DELETE = "DELETE FROM provisioning_step WHERE tenant_id = $1";

  void insert(SqlConnection tx, UUID tenant, List<String> names) {
    Tuple values = Tuple.of(tenant, (Object) names.toArray(String[]::new));
    tx.preparedQuery(INSERT).execute(values).await();
  }

  List<StepProgress> list(SqlConnection connection, UUID tenant) {
    Iterable<Row> rows = connection.preparedQuery(LIST).execute(Tuple.of(tenant)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new StepProgress(
                row.getString("name"),
                row.getString("state"),
                row.getInteger("attempts"),
                time(row, "started_at"),
                time(row, "ended_at")))
        .toList();
  }

  /** Marks the next step as running; empty if all are done. */
  Optional<String> begin(SqlConnection tx, UUID tenant) {
    Iterable<Row> rows = tx.preparedQuery(BEGIN).execute(Tuple.of(tenant)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getString("name"))
        .findFirst();
  }

  void done(SqlConnection tx, UUID tenant, String name) {
    tx.preparedQuery(DONE).execute(Tuple.of(tenant, name)).await();
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE).execute(Tuple.of(tenant)).await();
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.get(OffsetDateTime.class, column))
        .map(OffsetDateTime::toInstant);
  }
}
