package dev.gatehouse.controlplane.key;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets {@link SigningKeyService} do what is due, again and again, on a virtual thread. */
public final class SigningKeySchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeySchedule.class);

  private final SigningKeyService service;
  private final AuditService audit;
  private final Database database;
  private final Duration checkEvery;
  private final Thread thread;

  private SigningKeySchedule(
      SigningKeyService service, AuditService audit, Database database, Duration checkEvery) {
    this.service = service;
    this.audit = audit;
    this.database = database;
    this.checkEvery = checkEvery;
    this.thread = Thread.ofVirtual().name("signing-keys").unstarted(this::run);
  }

  /**
   * Starts; when it returns, there is a key. Blocks: call it on a virtual thread or outside of
   * Vert.x.
   *
   * @param checkEvery how long to pause between two looks
   */
  public static SigningKeySchedule start(
      SigningKeyService service, AuditService audit, Database database, Duration checkEvery) {
    SigningKeySchedule schedule = new SigningKeySchedule(service, audit, database, checkEvery);
    database.runInTransaction(schedule::maintain);
    schedule.thread.start();
    return schedule;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(checkEvery);
        tryToMaintain();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void maintain(SqlConnection tx) {
    service.maintain(
        tx,
        change ->
            audit.system(
                tx,
                AuditChain.PLATFORM,
                change.action(),
                "/v1/signing-keys/" + change.key().kid(),
                Optional.empty(),
                Optional.of(
                    JsonObject.of(
                        "kid", change.key().kid(),
                        "signsFrom", change.key().signsFrom().toString(),
                        "publicKey", new JsonObject(change.key().publicJwk())))));
  }

  private void tryToMaintain() {
    try {
      database.runInTransaction(this::maintain);
    } catch (RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        LOG.error("signing keys stay as they are until the next attempt", e);
      }
    }
  }

  /** Stops. The keys stay valid. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
