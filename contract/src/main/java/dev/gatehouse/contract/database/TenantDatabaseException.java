package dev.gatehouse.contract.database;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why an application did not get, or did not keep, a transaction of its tenant. */
public abstract sealed class TenantDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private TenantDatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * The context says nothing of a database: the service must be registered with {@code
   * databaseToken: true}.
   */
  public static final class NoDatabase extends TenantDatabaseException {
    private static final long serialVersionUID = 1L;

    public NoDatabase(String message) {
      super(message, null);
    }
  }

  /** All connections are in use, and too many wait already or have waited too long: answer 503. */
  public static final class Busy extends TenantDatabaseException {
    private static final long serialVersionUID = 1L;

    public Busy(String message) {
      super(message, null);
    }

    /** Waiting for a connection has ended with a time-out; what else it was stays what it is. */
    static Throwable of(Throwable failure) {
      return failure instanceof TimeoutException
          ? new Busy("no connection has become free in time")
          : failure;
    }
  }

  /** Nobody says where the data are, or nobody answers there: answer 503. */
  public static final class Unavailable extends TenantDatabaseException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
      super(message, null);
    }

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The database refused the token: it has ended, or it is for another database. */
  public static final class NotEntered extends TenantDatabaseException {
    private static final long serialVersionUID = 1L;

    public NotEntered(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The application has ended the transaction itself, has passed over an error that had aborted it,
   * or took too long. In the first case what it did before is committed; in the others nothing is.
   */
  public static final class Broken extends TenantDatabaseException {
    private static final long serialVersionUID = 1L;

    public Broken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
