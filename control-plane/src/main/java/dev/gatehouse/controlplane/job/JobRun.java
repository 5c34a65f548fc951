package dev.gatehouse.controlplane.job;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.JobHandler.Effect;
import dev.gatehouse.controlplane.job.JobHandler.Next;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one job that this instance has taken, and says in the database what became of it. */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final int MAX_ERROR = 1000;

  private final Database database;
  private final JobStore store;
  private final JobConfig config;
  private final InstantSource clock;

  JobRun(Database database, JobStore store, JobConfig config, InstantSource clock) {
    this.database = database;
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  /** Undoes the effect of a job that is another's by now, or nobody's. */
  private static final class LeaseLost extends RuntimeException {
    LeaseLost() {
      super("the job was cancelled, or its lease has ended", null, false, false);
    }
  }

  void run(JobStore.Leased leased, JobHandler handler) {
    Job job = leased.job();
    try {
      Effect effect = handler.run(job);
      database.runInTransaction(tx -> finish(tx, leased, effect.apply(tx)));
    } catch (LeaseLost lost) {
      LOG.info("job {} {} has no effect: {}", job.kind(), job.key(), lost.getMessage());
    } catch (Exception e) {
      if (Thread.currentThread().isInterrupted()) {
        return; // This instance stops; another has the job when the lease ends.
      }
      tryAgainLater(leased, e);
    }
  }

  private void finish(SqlConnection tx, JobStore.Leased leased, Next next) {
    boolean mine =
        switch (next) {
          case Next.Done() -> store.end(tx, leased);
          case Next.Again(Instant dueAt) -> store.goOn(tx, leased, dueAt);
        };
    if (!mine) {
      throw new LeaseLost();
    }
  }

  private void tryAgainLater(JobStore.Leased leased, Exception fault) {
    Job job = leased.job();
    Duration pause = pauseAfter(job.attempt());
    LOG.warn(
        "job {} {} failed at attempt {} and is tried again in {} ms",
        job.kind(),
        job.key(),
        job.attempt(),
        pause.toMillis(),
        fault);
    String message = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    String error = message.substring(0, Math.min(message.length(), MAX_ERROR));
    try {
      database.runInTransaction(tx -> store.retry(tx, leased, clock.instant().plus(pause), error));
    } catch (RuntimeException e) {
      LOG.warn("job {} {} is tried again when its lease ends", job.kind(), job.key(), e);
    }
  }

  /** Grows with the attempts, and differs between jobs that failed together. */
  private Duration pauseAfter(int attempt) {
    long grown = config.firstRetry().toMillis() << Math.min(attempt - 1, 20);
    long pause = Math.min(grown, config.longestRetry().toMillis());
    return Duration.ofMillis(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
  }
}
