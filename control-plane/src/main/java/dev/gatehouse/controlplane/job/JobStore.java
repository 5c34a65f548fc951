package dev.gatehouse.controlplane.job;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Open jobs in PostgreSQL. What is due is for the caller's clock to say; who has a job is for the
 * database's, so that instances whose clocks differ do not take jobs from each other.
 */
final class JobStore {
  /** Wakes the runners of all instances at commit. */
  private static final String WAKE = "SELECT pg_notify('job_due', '')";

  private static final String INSERT =
      """
      INSERT INTO job (kind, key, tenant_id, payload, due_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT ON CONSTRAINT job_kind_key DO NOTHING
      """;

  /** Another lease number takes the job away from who runs it. */
  private static final String REPLACE =
      """
      INSERT INTO job (kind, key, tenant_id, payload, due_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT ON CONSTRAINT job_kind_key DO UPDATE
         SET payload = excluded.payload, due_at = excluded.due_at, attempts = 0, last_error = NULL,
             lease = job.lease + 1, leased_until = NULL
      """;

  private static final String FIND =
      "SELECT attempts, due_at, last_error FROM job WHERE kind = $1 AND key = $2";

  private static final String DELETE = "DELETE FROM job WHERE kind = $1 AND key = $2";

  private static final String DELETE_ALL = "DELETE FROM job WHERE tenant_id = $1";

  private static final String TAKE =
      """
      WITH due AS (
        SELECT id FROM job
         WHERE due_at <= $1 AND (leased_until IS NULL OR leased_until <= now()) AND kind = ANY ($2)
         ORDER BY due_at LIMIT $3
           FOR UPDATE SKIP LOCKED
      )
      UPDATE job
         SET lease = lease + 1, attempts = attempts + 1,
             leased_until = now() + make_interval(secs => $4)
        FROM due WHERE job.id = due.id
      RETURNING job.id, kind, key, payload, attempts, lease
      """;

  private static final String END = "DELETE FROM job WHERE id = $1 AND lease = $2";

  private static final String GO_ON =
      """
      UPDATE job SET due_at = $3, attempts = 0, last_error = NULL, leased_until = NULL
       WHERE id = $1 AND lease = $2
      """;

  private static final String RETRY =
      """
      UPDATE job SET due_at = $3, last_error = $4, leased_until = NULL
       WHERE id = $1 AND lease = $2
      """;

  /** A job and the number of the lease under which this instance has it. */
  record Leased(long id, long lease, Job job) {}

  boolean insert(SqlConnection tx, NewJob job) {
    boolean isNew = tx.preparedQuery(INSERT).execute(values(job)).await().rowCount() == 1;
    if (isNew) {
      wake(tx);
    }
    return isNew;
  }

  void replace(SqlConnection tx, NewJob job) {
    tx.preparedQuery(REPLACE).execute(values(job)).await();
    wake(tx);
  }

  Optional<JobState> find(SqlConnection connection, String kind, String key) {
    return StreamSupport.stream(
            connection.preparedQuery(FIND).execute(Tuple.of(kind, key)).await().spliterator(),
            false)
        .map(row ->
            new JobState(
                row.getInteger("attempts"),
                row.getOffsetDateTime("due_at").toInstant(),
                Optional.ofNullable(row.getString("last_error"))))
        .findFirst();
  }

  boolean delete(SqlConnection tx, String kind, String key) {
    return tx.preparedQuery(DELETE).execute(Tuple.of(kind, key)).await().rowCount() == 1;
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
  }

  /** Takes jobs that are due and nobody's, those that wait longest first. */
  List<Leased> take(
      SqlConnection connection, Instant now, Collection<String> kinds, int most, Duration lease) {
    Tuple values =
        Tuple.of(
            now.atOffset(ZoneOffset.UTC),
            kinds.toArray(String[]::new),
            most,
            lease.toMillis() / 1000.0);
    List<Leased> taken = new ArrayList<>();
    for (Row row : connection.preparedQuery(TAKE).execute(values).await()) {
      taken.add(
          new Leased(
              row.getLong("id"),
              row.getLong("lease"),
              new Job(
                  row.getString("kind"),
                  row.getString("key"),
                  (JsonObject) row.getJson("payload"),
                  row.getInteger("attempts"))));
    }
    return taken;
  }

  /** Ends the job. False, and nothing is changed, where the lease is another's. */
  boolean end(SqlConnection tx, Leased job) {
    return tx.preparedQuery(END).execute(Tuple.of(job.id(), job.lease())).await().rowCount() == 1;
  }

  /** Lets the job go on later. False, and nothing is changed, where the lease is another's. */
  boolean goOn(SqlConnection tx, Leased job, Instant dueAt) {
    Tuple values = Tuple.of(job.id(), job.lease(), dueAt.atOffset(ZoneOffset.UTC));
    boolean mine = tx.preparedQuery(GO_ON).execute(values).await().rowCount() == 1;
    if (mine) {
      wake(tx);
    }
    return mine;
  }

  /** Lets the job be tried again later. Changes nothing where the lease is another's. */
  void retry(SqlConnection tx, Leased job, Instant dueAt, String error) {
    Tuple values = Tuple.of(job.id(), job.lease(), dueAt.atOffset(ZoneOffset.UTC), error);
    tx.preparedQuery(RETRY).execute(values).await();
  }

  private static void wake(SqlConnection tx) {
    tx.query(WAKE).execute().await();
  }

  private static Tuple values(NewJob job) {
    return Tuple.of(
        job.kind(),
        job.key(),
        job.tenant().orElse(null),
        job.payload(),
        job.dueAt().atOffset(ZoneOffset.UTC));
  }
}
