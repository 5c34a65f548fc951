package dev.gatehouse.controlplane.database;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Connections and transactions. Every method waits, and is for virtual threads of Vert.x. A refusal
 * of PostgreSQL comes out as the problem that it means to the caller ({@link SqlProblems}).
 */
public final class Database {
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
    PgConnectOptions connect =
        new PgConnectOptions()
            .setHost(url.host())
            .setPort(url.port())
            .setDatabase(url.database())
            .setUser(url.user())
            .setPassword(url.password())
            .setCachePreparedStatements(true);
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(poolSize)
            .setMaxWaitQueueSize(20 * poolSize)
            .setConnectionTimeout(5)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    return new Database(
        PgBuilder.pool().with(options).connectingTo(connect).using(vertx).build());
  }

  /** Runs queries on one connection, outside a transaction. */
  public <T> T read(Function<SqlConnection, T> work) {
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

  /** The pool itself, for what holds a connection longer than a request. */
  public Pool pool() {
    return pool;
  }

  /** Closes all connections. */
  public void close() {
    pool.close().await();
  }

  private SqlConnection connect() {
    try {
      return pool.getConnection().await();
    } catch (Exception e) {
      throw SqlProblems.translate(e);
    }
  }
}
