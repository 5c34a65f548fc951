package dev.gatehouse.controlplane.audit;

import dev.gatehouse.controlplane.database.Database;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what was refused and makes checkpoints that are due, again and again. */
public final class AuditSchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditSchedule.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final AuditService audit;
  private final Refusals refusals;
  private final CheckpointService checkpoints;
  private final TokenNames tokens;
  private final Database database;
  private final Thread thread = Thread.ofVirtual().name("audit").unstarted(this::run);

  private AuditSchedule(
      AuditService audit,
      Refusals refusals,
      CheckpointService checkpoints,
      TokenNames tokens,
      Database database) {
    this.audit = audit;
    this.refusals = refusals;
    this.checkpoints = checkpoints;
    this.tokens = tokens;
    this.database = database;
  }

  /** Names of the tokens among these that exist. */
  @FunctionalInterface
  public interface TokenNames {
    /** By id. */
    Map<String, String> of(SqlConnection connection, Set<String> ids);
  }

  /** Starts; when it returns, there are keys and a checkpoint. Blocks. */
  public static AuditSchedule start(
      AuditService audit,
      Refusals refusals,
      CheckpointService checkpoints,
      TokenNames tokens,
      Database database) {
    database.runInTransaction(checkpoints::makeIfDue);
    AuditSchedule schedule = new AuditSchedule(audit, refusals, checkpoints, tokens, database);
    schedule.thread.start();
    return schedule;
  }

  private void run() {
    try {
      while (true) {
        tryTo("refusals", this::writeRefusals);
        tryTo("a checkpoint", () -> database.runInTransaction(checkpoints::makeIfDue));
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeRefusals() {
    Refusals.Taken taken = refusals.take();
    if (taken.isEmpty()) {
      return;
    }
    try {
      database.runInTransaction(tx -> audit.append(tx, taken.records(ids -> tokens.of(tx, ids))));
    } catch (RuntimeException e) {
      refusals.giveBack(taken);
      throw e;
    }
  }

  private static void tryTo(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        LOG.error("{} could not be written to the audit trail; it is tried again", what, e);
      }
    }
  }

  /** Writes what was refused until now, and stops. */
  @Override
  public void close() {
    thread.interrupt();
    tryTo("the last refusals", this::writeRefusals);
  }
}
