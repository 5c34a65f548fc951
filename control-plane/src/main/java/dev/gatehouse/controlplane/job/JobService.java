package dev.gatehouse.controlplane.job;

import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/**
 * Says what is to be done, in the transaction that wants it: if that is undone, so is this.
 *
 * <p>The row of a job is locked until the transaction ends. Who changes the jobs of an object locks
 * the object first, as handlers do, so that nobody waits for one another in a circle.
 */
public final class JobService {
  private final JobStore store = new JobStore();

  /**
   * Wants a job to be done. One that is open already under this key stays as it is.
   *
   * @return whether it is new
   */
  public boolean schedule(SqlConnection tx, NewJob job) {
    return store.insert(tx, job);
  }

  /**
   * Wants a job to be done at this time with this payload, in place of one that is open under the
   * same key. Where that one runs at the moment, its effect is undone.
   */
  public void reschedule(SqlConnection tx, NewJob job) {
    store.replace(tx, job);
  }

  /** How an open job does. */
  public Optional<JobState> find(SqlConnection connection, String kind, String key) {
    return store.find(connection, kind, key);
  }

  /**
   * Wants a job no more. Where it runs at the moment, its effect is undone.
   *
   * @return whether it was open
   */
  public boolean cancel(SqlConnection tx, String kind, String key) {
    return store.delete(tx, kind, key);
  }

  /** Wants none of a tenant's jobs any more. */
  public void cancelAll(SqlConnection tx, UUID tenant) {
    store.deleteAll(tx, tenant);
  }
}
