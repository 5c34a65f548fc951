package dev.gatehouse.controlplane.imports;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rules of imports. */
public final class ImportService {
  /** Imports that are received or run at once. */
  private static final int MAX_OPEN = 10;

  /** Lines that an import may have. */
  static final int MAX_LINES = 100_000;

  /** How long a body may take until what came of it is forgotten. */
  private static final Duration RECEIVE_WITHIN = Duration.ofHours(1);

  private final ImportStore store = new ImportStore();
  private final Database database;
  private final JobService jobs;

  /**
   * @param database for what is kept while a body comes, before the request's own transaction
   */
  public ImportService(Database database, JobService jobs) {
    this.database = database;
    this.jobs = jobs;
  }

  /**
   * Makes room for what comes; forgotten after a while unless {@link #start} is called.
   *
   * @throws ProblemException {@code TOO_MANY_IMPORTS}
   */
  UUID receive(boolean dryRun, String actor) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    database.runInTransaction(tx -> {
      if (store.countOpen(tx) >= MAX_OPEN) {
        throw new ProblemException(
            Problem.TOO_MANY_IMPORTS,
            "at most " + MAX_OPEN + " imports run at once: wait until one has ended");
      }
      store.insert(tx, id, dryRun, actor);
      jobs.reschedule(tx, job(id, Instant.now().plus(RECEIVE_WITHIN)));
    });
    return id;
  }

  void keep(UUID id, List<ImportRecord> records) {
    if (!records.isEmpty()) {
      database.runInTransaction(tx -> store.insertLines(tx, id, records));
    }
  }

  /** Forgets what was received, unless the import has begun. */
  void discard(UUID id) {
    database.runInTransaction(tx -> {
      Optional<TenantImport> found = store.lock(tx, id);
      if (found.filter(one -> one.state() == TenantImport.State.RECEIVING).isPresent()) {
        boolean _ = jobs.cancel(tx, ImportJob.KIND, id.toString());
        store.delete(tx, id);
      }
    });
  }

  TenantImport start(SqlConnection tx, UUID id, long lines) {
    TenantImport started = store.start(tx, id, lines);
    jobs.reschedule(tx, job(id, Instant.now()));
    return started;
  }

  TenantImport find(SqlConnection connection, UUID id) {
    return store.find(connection, id).orElseThrow(() -> notFound(id));
  }

  List<TenantImport> list(SqlConnection connection, Optional<UUID> before, int count) {
    return store.list(connection, before, count);
  }

  List<ImportStore.LineError> errors(SqlConnection connection, UUID id, long after, int count) {
    return store.errors(connection, id, after, count);
  }

  /** The errors after a line, on a connection of their own. */
  List<ImportStore.LineError> errors(UUID id, long after, int count) {
    return database.withConnection(
        connection -> errors(connection, find(connection, id).id(), after, count));
  }

  /**
   * Lets an import go no further; tenants that it has created stay.
   *
   * @throws ProblemException {@code IMPORT_ENDED}
   */
  TenantImport cancel(SqlConnection tx, UUID id) {
    TenantImport found = store.lock(tx, id).orElseThrow(() -> notFound(id));
    if (found.endedAt().isPresent()) {
      throw new ProblemException(Problem.IMPORT_ENDED, "the import has ended already");
    }
    TenantImport cancelled = store.end(tx, id, TenantImport.State.CANCELLED);
    jobs.reschedule(tx, job(id, Instant.now()));
    return cancelled;
  }

  private static NewJob job(UUID id, Instant dueAt) {
    return NewJob.of(ImportJob.KIND, id.toString(), dueAt);
  }

  private static ProblemException notFound(UUID id) {
    return new ProblemException(Problem.IMPORT_NOT_FOUND, "no import has the id " + id);
  }
}
