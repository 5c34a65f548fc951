package dev.gatehouse.controlplane.database;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Connections and transactions. Every method waits, and is for virtual threads. A refusal of
 * PostgreSQL comes out as the problem that it means to the caller ({@link SqlProblems}).
 *
 * <p>No wait is without end: for a connection 5 s, for a statement 10 s, for all of the work 15 s.
 */
public final class Database {
  private static final int CONNECT_SECONDS = 5;
  private static final int WORK_SECONDS = 15;

  private final Pool pool;
  private final AtomicInteger inUse = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final OutageLog outages = new OutageLog(System::nanoTime);

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
            .setConnectionTimeout(CONNECT_SECONDS)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    NetClientOptions network =
        new NetClientOptions().setConnectTimeout((int) TimeUnit.SECONDS.toMillis(CONNECT_SECONDS));
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
    return inTime(() -> {
      SqlConnection connection = connect();
      inUse.incrementAndGet();
      try {
        return work.apply(connection);
      } finally {
        inUse.decrementAndGet();
        connection.close();
      }
    });
  }

  private SqlConnection connect() {
    waiting.incrementAndGet();
    try {
      return pool.getConnection().await();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** How many connections somebody works with at the moment. */
  public int inUse() {
    return inUse.get();
  }

  /** How many wait for a connection at the moment. */
  public int waiting() {
    return waiting.get();
  }

  /** Runs work in one transaction: all of it is kept, or nothing where it throws. */
  public <T> T inTransaction(Function<SqlConnection, T> work) {
    return withConnection(connection -> {
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
    });
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

  /**
   * Runs work on a thread of its own, since a server that is there but says nothing would never end
   * the wait. There are no more such threads than the pool has connections and places to wait.
   */
  private <T> T inTime(Supplier<T> work) {
    Promise<T> outcome = Promise.promise();
    Thread.ofVirtual()
        .name("database")
        .start(() -> {
          try {
            outcome.complete(work.get());
          } catch (Throwable e) {
            outcome.fail(e);
          }
        });
    try {
      T result = outcome.future().timeout(WORK_SECONDS, TimeUnit.SECONDS).await();
      outages.answered();
      return result;
    } catch (Exception e) {
      throw noted(SqlProblems.translate(e));
    }
  }

  private RuntimeException noted(RuntimeException fault) {
    if (fault instanceof ProblemException problem && problem.problem() == Problem.UNAVAILABLE) {
      outages.refused(String.valueOf(problem.getMessage()));
    }
    return fault;
  }
}
