package dev.gatehouse.contract.database;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.spi.DatabaseMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an application gets of a session: its transaction, and nothing of it when that is over. It
 * cannot be begun again or closed by the application. Results come on the context that asked for
 * the transaction.
 */
final class TenantConnection implements SqlConnection {
  private final PgSession session;
  private final ContextInternal caller;

  /** These belong to the session's loop. */
  private final List<PreparedStatement> prepared = new ArrayList<>();

  private boolean isOver;
  private boolean isSpoilt;
  private @Nullable Throwable firstFailure;

  TenantConnection(PgSession session, ContextInternal caller) {
    this.session = session;
    this.caller = caller;
  }

  /**
   * Sends something, unless the transaction is over: decided where its end is decided, so that
   * nothing of one tenant comes into the transaction of the next.
   */
  <T> Future<T> submit(Supplier<Future<T>> command) {
    PromiseInternal<T> answer = caller.promise();
    session
        .loop()
        .execute(() -> {
          if (isOver) {
            answer.fail(new IllegalStateException("the transaction is over"));
            return;
          }
          try {
            command.get().onFailure(this::failed).onComplete(answer);
          } catch (RuntimeException e) {
            answer.fail(e);
          }
        });
    return answer.future();
  }

  private void failed(Throwable failure) {
    if (firstFailure == null) {
      firstFailure = failure;
    }
    isSpoilt |= PgSession.isSpoilt(failure);
  }

  /** From now on nothing is sent; on the session's loop. */
  void end() {
    isOver = true;
    prepared.forEach(statement -> statement.close().onFailure(_ -> isSpoilt = true));
  }

  /** On the session's loop. */
  boolean isOver() {
    return isOver;
  }

  /** Whether the session can be anybody's next, as far as is known here; on its loop. */
  boolean isSpoilt() {
    return isSpoilt;
  }

  /** What failed first; on the session's loop. */
  Optional<Throwable> firstFailure() {
    return Optional.ofNullable(firstFailure);
  }

  @Override
  public Query<RowSet<Row>> query(String sql) {
    return new TenantQuery<>(this, session.connection().query(sql));
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
    return new TenantQuery.Prepared<>(this, session.connection().preparedQuery(sql));
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
    return new TenantQuery.Prepared<>(this, session.connection().preparedQuery(sql, options));
  }

  @Override
  public Future<PreparedStatement> prepare(String sql) {
    return submit(() -> session.connection().prepare(sql).map(this::kept));
  }

  @Override
  public Future<PreparedStatement> prepare(String sql, PrepareOptions options) {
    return submit(() -> session.connection().prepare(sql, options).map(this::kept));
  }

  private PreparedStatement kept(PreparedStatement statement) {
    prepared.add(statement);
    return new TenantStatement(this, statement);
  }

  @Override
  public SqlConnection exceptionHandler(Handler<Throwable> handler) {
    throw notHere("handlers of the connection");
  }

  @Override
  public SqlConnection closeHandler(Handler<Void> handler) {
    throw notHere("handlers of the connection");
  }

  @Override
  public Future<Transaction> begin() {
    return Future.failedFuture(notHere("transactions of one's own"));
  }

  @Override
  public Transaction transaction() {
    throw notHere("transactions of one's own");
  }

  private static UnsupportedOperationException notHere(String what) {
    return new UnsupportedOperationException(
        what + " are not for applications here: TenantDatabase begins, commits and closes");
  }

  @Override
  public boolean isSSL() {
    return session.connection().isSSL();
  }

  @Override
  public DatabaseMetadata databaseMetadata() {
    return session.connection().databaseMetadata();
  }

  @Override
  public Future<Void> close() {
    return Future.failedFuture(notHere("closing and ending"));
  }
}
