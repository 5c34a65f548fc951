package dev.gatehouse.controlplane.database;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Connections and transactions. Every method waits, and is for virtual threads. A refusal of
 * PostgreSQL comes out as the problem that it means to the caller ({@link SqlProblems}).
 *
 * <p>No wait is without end: PostgreSQL ends statements and idle transactions after their time, and
 * a connection on which nothing comes back for longer than that is given up.
 */
public final class Database {
  private static final int WAIT_SECONDS = 5;

  /** Longer than any statement may take, since a silent connection is taken for a dead one. */
  private static final int SILENCE_SECONDS = 30;

  /** Shorter than {@link #SILENCE_SECONDS}, so that none is given up while it is handed out. */
  private static final int UNUSED_SECONDS = 20;

  private final Pool pool;

  private Database(Pool pool) {
    this.pool = pool;
  }

  /**
   * Opens a pool; connects at first use.
   *
   * @param poolSize most connections at once; twenty times as many requests may wait for one, each
   *     5 s at most
   */
  public static Database open(Vertx vertx, DatabaseUrl url, int poolSize) {
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(poolSize)
            .setMaxWaitQueueSize(20 * poolSize)
            .setConnectionTimeout(WAIT_SECONDS)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS)
            .setIdleTimeout(UNUSED_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    NetClientOptions network =
        new NetClientOptions()
            .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS))
            .setReadIdleTimeout(SILENCE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    return new Database(
        PgBuilder.pool()
            .with(options)
            .with(network)
            .connectingTo(url.connectOptions())
            .using(vertx)
            .build());
  }

  /** Runs queries on one connection, each a transaction of its own. */
  public <T> T withConnection(Function<SqlConnection, T> work) {
    SqlConnection connection = connect();
    try {
      return work.apply(connection);
    } catch (Exception e) {
      throw SqlProblems.translate(e);
    } finally {
      connection.close();
    }
  }

  /** Runs work in one transaction: all of it is kept, or nothing where it throws. */
  public <T> T inTransaction(Function<SqlConnection, T> work) {
    SqlConnection connection = connect();
    try {
      Transaction transaction = connection.begin().await();
      T result;
      try {
        result = work.apply(connection);
      } catch (Exception e) {
        transaction.rollback().otherwiseEmpty().await();
        throw e;
      }
      transaction.commit().await();
      return result;
    } catch (Exception e) {
      throw SqlProblems.translate(e);
    } finally {
      connection.close();
    }
  }

  /** Runs work that gives nothing back in one transaction: all of it is kept, or nothing. */
  public void runInTransaction(Consumer<SqlConnection> work) {
    boolean _ =
        inTransaction(tx -> {
          work.accept(tx);
          return true;
        });
  }

  /** The pool itself, for what holds a connection longer than a request. */
  public Pool pool() {
    return pool;
  }

  private SqlConnection connect() {
    try {
      return pool.getConnection().await();
    } catch (Exception e) {
      throw SqlProblems.translate(e);
    }
  }
}
