package dev.gatehouse.contract.database;

import dev.gatehouse.contract.database.BoundedPool.Slot;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Timer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One transaction that has entered its tenant: runs the application's work, ends it, and gives the
 * session back only if nothing of it is left there.
 */
final class PgTransaction<T> {
  private final BoundedPool<PgSession> pool;
  private final Slot<PgSession> slot;
  private final PgSession session;
  private final String began;
  private final Function<SqlConnection, Future<T>> work;
  private final ContextInternal caller;
  private final Duration longest;
  private final TenantConnection connection;
  private final Promise<T> answer = Promise.promise();

  PgTransaction(
      BoundedPool<PgSession> pool,
      Slot<PgSession> slot,
      PgSession session,
      String began,
      Function<SqlConnection, Future<T>> work,
      ContextInternal caller,
      Duration longest) {
    this.pool = pool;
    this.slot = slot;
    this.session = session;
    this.began = began;
    this.work = work;
    this.caller = caller;
    this.longest = longest;
    this.connection = new TenantConnection(session, caller);
  }

  /**
   * How it begins.
   *
   * @param begin the statement
   * @param token for {@code tenancy.enter}
   * @param tenant whose it is
   */
  record Start(String begin, String token, UUID tenant) {}

  /**
   * Begins and enters; the slot is dropped if that fails, or given back if the token is refused.
   */
  static Future<String> begin(
      BoundedPool<PgSession> pool, Slot<PgSession> slot, PgSession session, Start start) {
    return session
        .loop()
        .future(promise ->
            session
                .loop()
                .execute(() ->
                    session
                        .begin(start.begin(), start.token(), start.tenant())
                        .onComplete(begun -> {
                          if (begun.succeeded()) {
                            promise.complete(begun.result());
                          } else {
                            refused(pool, slot, session, begun.cause(), promise);
                          }
                        })));
  }

  private static void refused(
      BoundedPool<PgSession> pool,
      Slot<PgSession> slot,
      PgSession session,
      Throwable failure,
      Promise<String> promise) {
    if (failure instanceof PgException e && "42501".equals(e.getSqlState())) {
      session
          .rollback()
          .onComplete(done -> {
            leave(pool, slot, session, done.succeeded() && done.result());
            promise.fail(new TenantDatabaseException.NotEntered(e.getErrorMessage(), e));
          });
    } else {
      leave(pool, slot, session, false);
      promise.fail(failure);
    }
  }

  private static void leave(
      BoundedPool<PgSession> pool, Slot<PgSession> slot, PgSession session, boolean isFit) {
    if (isFit) {
      pool.give(slot);
    } else {
      session.close();
      pool.drop(slot);
    }
  }

  /** Runs the work on its context, and completes when the transaction is over. */
  Future<T> run() {
    Timer timer = session.loop().timer(longest.toMillis(), TimeUnit.MILLISECONDS);
    timer.onSuccess(_ -> tookTooLong());
    answer.future().onComplete(_ -> timer.cancel());
    caller.execute(() ->
        caller.dispatch(() -> {
          Future<T> result;
          try {
            result = work.apply(connection);
          } catch (Throwable e) {
            result = Future.failedFuture(e);
          }
          result.onComplete(done -> session.loop().execute(() -> end(done)));
        }));
    return answer.future();
  }

  private void tookTooLong() {
    if (connection.isOver()) {
      // It is being ended, which fails now.
      session.kill();
    } else {
      connection.end();
      session.kill();
      pool.drop(slot);
      answer.fail(
          new TenantDatabaseException.Broken(
              "the transaction took longer than " + longest + " and was taken back", null));
    }
  }

  private void end(AsyncResult<T> done) {
    if (connection.isOver()) {
      return;
    }
    connection.end();
    if (done.succeeded()) {
      session.commit(began).onComplete(committed -> committed(done.result(), committed));
    } else {
      rollback(done.cause());
    }
  }

  private void committed(T result, AsyncResult<Boolean> committed) {
    if (committed.succeeded()) {
      leave(pool, slot, session, committed.result() && !connection.isSpoilt());
      answer.complete(result);
      return;
    }
    switch (committed.cause()) {
      case PgSession.EndedByApplication ended -> {
        leave(pool, slot, session, ended.isFit && !connection.isSpoilt());
        answer.fail(
            new TenantDatabaseException.Broken(
                "the application has ended the transaction itself", null));
      }
      case PgException e when "25P02".equals(e.getSqlState()) ->
          rollback(
              new TenantDatabaseException.Broken(
                  "an error had aborted the transaction, and the application passed over it",
                  connection.firstFailure().orElse(e)));
      default -> rollback(committed.cause());
    }
  }

  private void rollback(Throwable why) {
    session
        .rollback()
        .onComplete(done -> {
          leave(pool, slot, session, done.succeeded() && done.result() && !connection.isSpoilt());
          answer.fail(why);
        });
  }
}
