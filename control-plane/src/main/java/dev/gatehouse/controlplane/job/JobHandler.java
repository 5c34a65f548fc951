package dev.gatehouse.controlplane.job;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;

/** Does the jobs of one kind. Called on virtual threads, for several jobs at once. */
@FunctionalInterface
public interface JobHandler {
  /**
   * Does what takes time and leaves nothing behind, outside of any transaction, such as asking
   * another server. It may be done again, by another instance too, and must end within the lease.
   *
   * @return what the job does to the database
   * @throws Exception if it failed; it is tried again after a while, and the message is kept
   */
  Effect run(Job job) throws Exception;

  /** What a job does to the database, in the transaction that also ends the job. */
  @FunctionalInterface
  interface Effect {
    /**
     * Does it. Where the job has been cancelled or lost its lease meanwhile, all of it is undone.
     *
     * @return whether the job has ended
     * @throws RuntimeException if it failed; it is tried again after a while, and the message is
     *     kept
     */
    Next apply(SqlConnection tx);
  }

  /** What becomes of a job that did not fail. */
  sealed interface Next {
    /** It has ended. */
    record Done() implements Next {}

    /** It goes on at this time, at the earliest; its attempts are counted anew. */
    record Again(Instant dueAt) implements Next {}

    /** It has ended. */
    static Next done() {
      return new Done();
    }

    /** It goes on at this time, at the earliest; its attempts are counted anew. */
    static Next again(Instant dueAt) {
      return new Again(dueAt);
    }
  }
}
