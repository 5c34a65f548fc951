package dev.gatehouse.contract.database;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.ConnectionDetails.Server;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Function;

/**
 * From a verified context to a transaction of its tenant, for applications on Vert.x. Wherever a
 * tenant's data are, in tables of all, in a schema or in a database of its own, the application's
 * code is the same:
 *
 * <pre>{@code
 * Future<Integer> count =
 *     database.inTransaction(request, connection ->
 *         connection
 *             .query("SELECT count(*)::int FROM note")
 *             .execute()
 *             .map(rows -> rows.iterator().next().getInteger(0)));
 * }</pre>
 *
 * <p>The transaction is committed when the returned future succeeds, and taken back when it fails.
 * Make one for an application and keep it; any thread or context; never blocks.
 */
public final class TenantDatabase implements AutoCloseable {
  private final VertxInternal vertx;
  private final ConnectionSource source;
  private final PoolSettings settings;
  private final BoundedPool<PgSession> pool;
  private final ServerChoice servers = new ServerChoice();

  /**
   * @param vertx whose event loops its connections use; the caller closes it, after this
   */
  public TenantDatabase(Vertx vertx, ConnectionSource source, PoolSettings settings) {
    this.vertx = (VertxInternal) vertx;
    this.source = source;
    this.settings = settings;
    this.pool = new BoundedPool<>(settings, PgSession::close);
  }

  /** How a transaction sees what others do meanwhile. */
  public enum Isolation {
    /** What is committed when a query begins: PostgreSQL's default. */
    READ_COMMITTED("READ COMMITTED"),
    /** What was committed when the transaction began. */
    REPEATABLE_READ("REPEATABLE READ"),
    /** As if transactions came one after the other; some are to be tried again. */
    SERIALIZABLE("SERIALIZABLE");

    private final String words;

    Isolation(String words) {
      this.words = words;
    }
  }

  /**
   * Runs some work in a transaction of the request's tenant.
   *
   * @param request whose context was verified; a service with {@code databaseToken: true}
   * @param work asks the connection that it is given, for as long as its future is under way and no
   *     longer
   * @return what the work gives, once it is committed; fails as the work does, with a {@link
   *     TenantDatabaseException}, or as the commit does
   */
  public <T> Future<T> inTransaction(
      SignedContext request, Function<SqlConnection, Future<T>> work) {
    return inTransaction(request, Isolation.READ_COMMITTED, work);
  }

  /** The same with an isolation level. */
  public <T> Future<T> inTransaction(
      SignedContext request, Isolation isolation, Function<SqlConnection, Future<T>> work) {
    String begin = "BEGIN ISOLATION LEVEL " + isolation.words;
    return run(new Order<>(request, begin, work, vertx.getOrCreateContext()), false);
  }

  /**
   * Runs some queries in a read-only transaction, on a replica of the tenant's partition if there
   * is one that answers, else on the server that takes writes. What was written a moment ago may
   * not be there yet.
   *
   * @return as of {@link #inTransaction(SignedContext, Function)}
   */
  public <T> Future<T> readOnly(SignedContext request, Function<SqlConnection, Future<T>> work) {
    return run(new Order<>(request, "BEGIN READ ONLY", work, vertx.getOrCreateContext()), true);
  }

  /** Something to be done in a transaction. */
  private record Order<T>(
      SignedContext request,
      String begin,
      Function<SqlConnection, Future<T>> work,
      ContextInternal caller) {
    DatabaseAccess access() {
      return DatabaseAccess.of(request.context());
    }
  }

  private <T> Future<T> run(Order<T> order, boolean onReplica) {
    Future<T> answer;
    try {
      order.access();
      answer =
          details(order)
              .compose(details -> attempt(order, details, onReplica))
              .recover(failure ->
                  failure instanceof LoginRefused refused
                      ? again(order, refused, onReplica)
                      : Future.failedFuture(failure));
    } catch (TenantDatabaseException e) {
      answer = Future.failedFuture(e);
    }
    return order.caller().<T>future(answer::onComplete);
  }

  private <T> Future<ConnectionDetails> details(Order<T> order) {
    return Future.fromCompletionStage(source.find(order.request()))
        .compose(details -> {
          if (details.isFor(order.access())) {
            return Future.succeededFuture(details);
          }
          source.refused(order.request(), details);
          return Future.failedFuture(
              new TenantDatabaseException.Unavailable(
                  "the tenant's data are at %s now, the context says %s"
                      .formatted(details, order.access())));
        });
  }

  /** The tenant was moved, or its password changed: once more with what is true now. */
  private <T> Future<T> again(Order<T> order, LoginRefused refused, boolean onReplica) {
    source.refused(order.request(), refused.details);
    return details(order)
        .compose(details -> attempt(order, details, onReplica))
        .recover(failure ->
            Future.failedFuture(
                failure instanceof LoginRefused twice ? twice.asUnavailable() : failure));
  }

  private <T> Future<T> attempt(Order<T> order, ConnectionDetails details, boolean onReplica) {
    List<Server> candidates = onReplica ? servers.inTurn(details) : List.of(details.primary());
    return attempt(order, details, candidates, 0);
  }

  private <T> Future<T> attempt(
      Order<T> order, ConnectionDetails details, List<Server> candidates, int index) {
    Server server = candidates.get(index);
    return begin(order, details, server)
        .recover(failure -> {
          servers.didNotAnswer(server, failure);
          return Future.failedFuture(failure);
        })
        .transform(begun -> {
          if (begun.succeeded()) {
            return begun.result().run();
          }
          return begun.cause() instanceof TenantDatabaseException.Unavailable
                  && index + 1 < candidates.size()
              ? attempt(order, details, candidates, index + 1)
              : Future.failedFuture(begun.cause());
        });
  }

  private <T> Future<PgTransaction<T>> begin(
      Order<T> order, ConnectionDetails details, Server server) {
    PoolKey key = PoolKey.of(details, server);
    return Future.fromCompletionStage(pool.take(key, details.mostConnections()))
        .recover(failure -> Future.failedFuture(TenantDatabaseException.Busy.of(failure)))
        .compose(slot ->
            slot.connection()
                .map(session -> enter(order, slot, session, true))
                .orElseGet(() ->
                    open(order.caller(), slot, details, key)
                        .compose(session -> enter(order, slot, session, false))))
        .recover(failure ->
            failure instanceof Stale
                ? begin(order, details, server)
                : Future.failedFuture(failure));
  }

  private Future<PgSession> open(
      ContextInternal caller,
      BoundedPool.Slot<PgSession> slot,
      ConnectionDetails details,
      PoolKey key) {
    return PgSession.open(caller, key, details.password(), settings)
        .transform(opened -> {
          if (opened.failed()) {
            pool.drop(slot);
            return Future.failedFuture(whyNotOpened(opened.cause(), details, key));
          }
          PgSession session = opened.result();
          slot.opened(session);
          session.onEnd(() -> pool.lost(slot));
          return Future.succeededFuture(session);
        });
  }

  private static RuntimeException whyNotOpened(
      Throwable failure, ConnectionDetails details, PoolKey key) {
    if (failure instanceof PgException e && LoginRefused.isSaidBy(e.getSqlState())) {
      return new LoginRefused(details, e);
    }
    return failure instanceof PgException e && "53300".equals(e.getSqlState())
        ? new TenantDatabaseException.Busy("the database has no connection left: " + e.getMessage())
        : new TenantDatabaseException.Unavailable(key.server().whyNot(failure), failure);
  }

  private <T> Future<PgTransaction<T>> enter(
      Order<T> order, BoundedPool.Slot<PgSession> slot, PgSession session, boolean wasIdle) {
    return PgTransaction.begin(
            pool,
            slot,
            session,
            new PgTransaction.Start(
                order.begin(), order.access().token(), order.request().context().tenantId()))
        .recover(failure ->
            Future.failedFuture(wasIdle && Stale.isSaidBy(failure) ? new Stale() : failure))
        .map(began ->
            new PgTransaction<>(
                pool, slot, session, began, order.work(), order.caller(), settings.transaction()));
  }

  /** How the pools are used at the moment. */
  public PoolUsage usage() {
    return pool.usage();
  }

  /** Closes all connections that nobody uses, and the others when their transactions end. */
  @Override
  public void close() {
    pool.close();
  }

  /** A connection had ended while nobody used it, which is found out by using it. */
  private static final class Stale extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stale() {
      super("the connection had ended", null, false, false);
    }

    /** Nothing was done yet, so that it can be done on another one. */
    static boolean isSaidBy(Throwable failure) {
      return failure instanceof PgException e
          ? e.getSqlState().startsWith("57P") || PgSession.isSpoilt(e)
          : !(failure instanceof TenantDatabaseException);
    }
  }
}
