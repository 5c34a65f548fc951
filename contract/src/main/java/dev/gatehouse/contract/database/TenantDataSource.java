package dev.gatehouse.contract.database;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.BoundedPool.Slot;
import dev.gatehouse.contract.database.ConnectionDetails.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * From a verified context to connections of its tenant, for applications on JDBC: each {@link
 * DataSource} is of one request, and all of them share the pools.
 *
 * <pre>{@code
 * try (Connection connection = sources.forContext(request).getConnection()) {
 *   … // sees and changes what is this tenant's
 *   connection.commit();
 * }
 * }</pre>
 *
 * <p>A connection is in a transaction that has entered the tenant; after a commit or rollback the
 * next statement begins another one, and enters again. It cannot be switched to autocommit, and
 * what is not committed when it is closed is taken back. Make one for an application and keep it;
 * any thread; blocks, and suits virtual threads.
 */
public final class TenantDataSource implements AutoCloseable {
  private final ConnectionSource source;
  private final PoolSettings settings;
  private final BoundedPool<JdbcSession> pool;
  private final ServerChoice servers = new ServerChoice();

  public TenantDataSource(ConnectionSource source, PoolSettings settings) {
    this.source = source;
    this.settings = settings;
    this.pool = new BoundedPool<>(settings, JdbcSession::close);
  }

  /**
   * Connections of the request's tenant.
   *
   * @param request whose context was verified; a service with {@code databaseToken: true}
   */
  public DataSource forContext(SignedContext request) {
    return new ContextDataSource(() -> connect(request, false));
  }

  /**
   * Connections for queries alone, to a replica of the tenant's partition if there is one that
   * answers, else to the server that takes writes. What was written a moment ago may not be there
   * yet.
   */
  public DataSource readOnly(SignedContext request) {
    return new ContextDataSource(() -> connect(request, true));
  }

  private Connection connect(SignedContext request, boolean readOnly) throws SQLException {
    try {
      DatabaseAccess access = DatabaseAccess.of(request.context());
      ConnectionDetails details = details(request, access);
      try {
        return connect(request, access, details, readOnly);
      } catch (LoginRefused e) {
        source.refused(request, e.details);
        return connect(request, access, details(request, access), readOnly);
      }
    } catch (LoginRefused e) {
      throw new SQLTransientConnectionException(e.asUnavailable());
    } catch (TenantDatabaseException.Busy | TenantDatabaseException.Unavailable e) {
      throw new SQLTransientConnectionException(e.getMessage(), "08001", e);
    } catch (TenantDatabaseException e) {
      throw new SQLNonTransientConnectionException(e.getMessage(), "08004", e);
    }
  }

  private ConnectionDetails details(SignedContext request, DatabaseAccess access) {
    ConnectionDetails details = await(source.find(request));
    if (!details.isFor(access)) {
      source.refused(request, details);
      throw new TenantDatabaseException.Unavailable(
          "the tenant's data are at %s now, the context says %s".formatted(details, access));
    }
    return details;
  }

  private Connection connect(
      SignedContext request, DatabaseAccess access, ConnectionDetails details, boolean readOnly)
      throws SQLException {
    List<Server> candidates = readOnly ? servers.inTurn(details) : List.of(details.primary());
    for (int i = 0; ; i++) {
      try {
        return entered(request, access, details, candidates.get(i), readOnly);
      } catch (TenantDatabaseException.Unavailable e) {
        servers.didNotAnswer(candidates.get(i), e);
        if (i + 1 == candidates.size()) {
          throw e;
        }
      }
    }
  }

  private Connection entered(
      SignedContext request,
      DatabaseAccess access,
      ConnectionDetails details,
      Server server,
      boolean readOnly)
      throws SQLException {
    PoolKey key = PoolKey.of(details, server);
    while (true) {
      Slot<JdbcSession> slot = await(pool.take(key, details.mostConnections()));
      boolean wasIdle = slot.connection().isPresent();
      JdbcSession session = slot.connection().orElseGet(() -> open(slot, details, key));
      JdbcLease lease =
          new JdbcLease(
              pool, slot, session, access.token(), request.context().tenantId(), readOnly);
      try {
        return lease.enterFirst();
      } catch (SQLException e) {
        if (!wasIdle || !JdbcSession.hadEnded(e)) {
          throw e;
        }
        // It had ended while nobody used it, and nothing was done yet.
      }
    }
  }

  private JdbcSession open(Slot<JdbcSession> slot, ConnectionDetails details, PoolKey key) {
    try {
      JdbcSession session = JdbcSession.open(key, details.password(), settings);
      slot.opened(session);
      return session;
    } catch (SQLException e) {
      pool.drop(slot);
      if (LoginRefused.isSaidBy(e.getSQLState())) {
        throw new LoginRefused(details, e);
      }
      if ("53300".equals(e.getSQLState())) {
        throw new TenantDatabaseException.Busy("the database has no connection left");
      }
      throw new TenantDatabaseException.Unavailable(key.server().whyNot(e), e);
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    try {
      return future.join();
    } catch (CompletionException e) {
      Throwable cause = TenantDatabaseException.Busy.of(e.getCause() == null ? e : e.getCause());
      throw cause instanceof TenantDatabaseException known
          ? known
          : new TenantDatabaseException.Unavailable(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** How the pools are used at the moment. */
  public PoolUsage usage() {
    return pool.usage();
  }

  /** Closes all connections that nobody uses, and the others when they are closed. */
  @Override
  public void close() {
    pool.close();
  }
}
