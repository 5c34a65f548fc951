package dev.gatehouse.contract.database;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A session of the Vert.x client, between two transactions or in one. All that is done with it is
 * done on its own event loop, so that nothing comes after the end of its transaction that was asked
 * for before.
 */
final class PgSession {
  private static final String ENTER = SessionText.ENTER.formatted("$1");

  /** Statement unknown, cached plan of another time: somebody has interfered with what is kept. */
  private static final Set<String> KEPT_STATEMENT_GONE = Set.of("26000", "42P05", "08P01");

  private final ContextInternal loop;
  private final PgConnection connection;
  private final Optional<PreparedStatement> enter;
  private final boolean forgetsStatements;

  private PgSession(
      ContextInternal loop, PgConnection connection, Optional<PreparedStatement> enter) {
    this.loop = loop;
    this.connection = connection;
    this.enter = enter;
    this.forgetsStatements = enter.isEmpty();
  }

  /**
   * Connects and logs in; what takes too long is closed when it comes.
   *
   * @param caller whose event loop it is to be on: others can use it too, with a detour
   */
  static Future<PgSession> open(
      ContextInternal caller, PoolKey key, String password, PoolSettings settings) {
    VertxInternal vertx = caller.owner();
    ContextInternal loop =
        vertx
            .contextBuilder()
            .withThreadingModel(ThreadingModel.EVENT_LOOP)
            .withEventLoop(caller.nettyEventLoop())
            .build();
    Future<PgSession> session =
        key.tls() == TlsMode.VERIFY_FULL
            ? loop.executeBlocking(() -> TrustWitness.by(settings.authorities(key.trust())))
                .compose(trust ->
                    openTrusting(
                        requireNonNull(trust), loop, options(key, password, settings), settings))
            : open(loop, options(key, password, settings), settings);
    Future<PgSession> inTime =
        session.timeout(settings.connect().toMillis(), TimeUnit.MILLISECONDS);
    return inTime.onFailure(_ -> session.onSuccess(PgSession::close));
  }

  private static Future<PgSession> openTrusting(
      TrustWitness trust, ContextInternal loop, PgConnectOptions options, PoolSettings settings) {
    return open(loop, verified(options, trust), settings)
        .recover(failure -> Future.failedFuture(trust.explained(failure)));
  }

  private static Future<PgSession> open(
      ContextInternal loop, PgConnectOptions options, PoolSettings settings) {
    return loop.future(promise ->
        loop.execute(() ->
            PgConnection.connect(loop.owner(), options)
                .compose(connection -> prepared(loop, connection, settings))
                .onComplete(promise)));
  }

  private static Future<PgSession> prepared(
      ContextInternal loop, PgConnection connection, PoolSettings settings) {
    if (settings.transactionPooler()) {
      return Future.succeededFuture(new PgSession(loop, connection, Optional.empty()));
    }
    return connection
        .prepare(ENTER)
        .map(enter -> new PgSession(loop, connection, Optional.of(enter)))
        .onFailure(_ -> connection.close());
  }

  private static PgConnectOptions options(PoolKey key, String password, PoolSettings settings) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(key.server().host())
            .setPort(key.server().port())
            .setDatabase(key.database())
            .setUser(key.user())
            .setPassword(password)
            .setCachePreparedStatements(!settings.transactionPooler())
            .setUseLayer7Proxy(settings.transactionPooler());
    return key.tls() == TlsMode.REQUIRE
        ? options
            .setSslMode(SslMode.REQUIRE)
            .setSslOptions(new ClientSSLOptions().setTrustAll(true))
        : options.setSslMode(SslMode.DISABLE);
  }

  private static PgConnectOptions verified(PgConnectOptions options, TrustWitness trust) {
    return options
        .setSslMode(SslMode.VERIFY_FULL)
        .setSslOptions(
            new ClientSSLOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(TrustOptions.wrap(trust)));
  }

  ContextInternal loop() {
    return loop;
  }

  PgConnection connection() {
    return connection;
  }

  /** Calls back when the server has ended it. */
  void onEnd(Runnable ended) {
    connection.closeHandler(_ -> ended.run());
    connection.exceptionHandler(_ -> {});
  }

  /**
   * Begins and enters, in one round trip; on the session's loop.
   *
   * @return when the transaction began, in the database's words
   */
  Future<String> begin(String begin, String token, UUID tenant) {
    Future<RowSet<Row>> begun = connection.query(begin).execute();
    Future<RowSet<Row>> entered =
        enter
            .map(statement -> statement.query().execute(Tuple.of(token)))
            .orElseGet(() -> connection.preparedQuery(ENTER).execute(Tuple.of(token)));
    return begun
        .compose(_ -> entered)
        .map(rows -> {
          Row row = rows.iterator().next();
          if (!tenant.equals(row.getUUID(0))) {
            throw new TenantDatabaseException.NotEntered(
                "the database has entered another tenant than the context names", null);
          }
          return row.getString(1);
        });
  }

  /**
   * Commits and makes the session as if it were new, in one round trip; on the session's loop.
   *
   * @return whether the session is fit for another tenant; fails as the commit does
   */
  Future<Boolean> commit(String began) {
    return connection
        .query(SessionText.BEGAN + "COMMIT; " + afterwards())
        .execute()
        .map(rows -> {
          boolean isFit = isFit(rows);
          if (!began.equals(rows.iterator().next().getString(0))) {
            throw new EndedByApplication(isFit);
          }
          return isFit;
        });
  }

  /** Takes the transaction back, and else as {@link #commit}. */
  Future<Boolean> rollback() {
    return connection.query("ROLLBACK; " + afterwards()).execute().map(PgSession::isFit);
  }

  private String afterwards() {
    return forgetsStatements ? SessionText.NOTHING_LEFT : SessionText.LEFT;
  }

  private static boolean isFit(RowSet<Row> results) {
    RowSet<Row> last = results;
    while (last.next() != null) {
      last = last.next();
    }
    return !last.iterator().next().getBoolean(0);
  }

  /** Whether a failure says that the session's own statements are not what they were. */
  static boolean isSpoilt(Throwable failure) {
    return failure instanceof PgException e && KEPT_STATEMENT_GONE.contains(e.getSqlState());
  }

  /** Ends what the server is doing for it, then the session. */
  void kill() {
    connection.cancelRequest().onComplete(_ -> close());
  }

  void close() {
    connection.close().onFailure(_ -> {});
  }

  /** The application has ended the transaction itself. */
  static final class EndedByApplication extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final boolean isFit;

    EndedByApplication(boolean isFit) {
      super("the application has ended the transaction itself", null, false, false);
      this.isFit = isFit;
    }
  }
}
