package dev.gatehouse.contract.database;

import dev.gatehouse.contract.database.BoundedPool.Slot;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session in the hands of an application, behind a {@link Connection} of its own that ends with
 * it: what the application keeps of it opens nothing any more when the session is somebody else's.
 */
final class JdbcLease implements InvocationHandler {
  private static final Set<String> REFUSED =
      Set.of(
          "setNetworkTimeout",
          "setTypeMap",
          "setHoldability",
          "setClientInfo",
          "setShardingKey",
          "setShardingKeyIfValid",
          "beginRequest",
          "endRequest");
  private static final Set<String> BEFORE_A_TRANSACTION =
      Set.of("setReadOnly", "setTransactionIsolation");

  private final BoundedPool<JdbcSession> pool;
  private final Slot<JdbcSession> slot;
  private final JdbcSession session;
  private final String token;
  private final UUID tenant;
  private final boolean readOnly;
  private final Connection connection;

  /** So that nothing is sent by one thread while another one closes it. */
  private final ReentrantLock lock = new ReentrantLock();

  private boolean entered;
  private boolean used;
  private volatile boolean closed;

  JdbcLease(
      BoundedPool<JdbcSession> pool,
      Slot<JdbcSession> slot,
      JdbcSession session,
      String token,
      UUID tenant,
      boolean readOnly) {
    this.pool = pool;
    this.slot = slot;
    this.session = session;
    this.token = token;
    this.tenant = tenant;
    this.readOnly = readOnly;
    this.connection =
        (Connection)
            Proxy.newProxyInstance(
                JdbcLease.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
  }

  /** The connection, in a transaction; the slot is given back or dropped if that fails. */
  Connection enterFirst() throws SQLException {
    try {
      session.connection().setReadOnly(readOnly);
      enter();
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(!(e instanceof SQLException sql && JdbcSession.hadEnded(sql)));
      throw e;
    }
  }

  /** What the application has. */
  Connection connection() {
    return connection;
  }

  boolean isClosed() {
    return closed;
  }

  private void enter() throws SQLException {
    if (!entered) {
      try {
        session.enter(token, tenant);
      } catch (SQLException e) {
        if (!JdbcSession.hadEnded(e)) {
          session.connection().rollback();
        }
        throw e;
      }
      entered = true;
    }
  }

  /** Something of the application's that may be sent only while the lease lasts. */
  @Nullable Object within(boolean executes, JdbcCall call) throws Throwable {
    lock.lock();
    try {
      if (closed) {
        throw new SQLException("the connection is closed", "08003");
      }
      if (executes) {
        enter();
        used = true;
      }
      return call.run();
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    } finally {
      lock.unlock();
    }
  }

  /** What is done then. */
  interface JdbcCall {
    @Nullable Object run() throws Throwable;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    if (REFUSED.contains(name)) {
      throw new SQLFeatureNotSupportedException(
          name + " would outlive the connection's time with this tenant");
    }
    return switch (name) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "TenantConnection[" + tenant + "]";
      case "close" -> {
        close(true);
        yield null;
      }
      case "abort" -> {
        close(false);
        yield null;
      }
      case "isClosed" -> closed;
      case "getAutoCommit" -> false;
      case "setAutoCommit" -> {
        refuseAutoCommit(arguments);
        yield null;
      }
      case "unwrap" -> JdbcGuard.unwrap(proxy, arguments);
      case "isWrapperFor" -> JdbcGuard.isWrapperFor(proxy, arguments);
      default -> within(name.equals("setSavepoint"), () -> delegate(method, arguments));
    };
  }

  private static void refuseAutoCommit(Object @Nullable [] arguments) throws SQLException {
    if (arguments != null && Boolean.TRUE.equals(arguments[0])) {
      throw new SQLFeatureNotSupportedException(
          "a tenant is entered for a transaction, and no longer: autocommit stays off; commit()");
    }
  }

  private @Nullable Object delegate(Method method, Object @Nullable [] arguments) throws Throwable {
    String name = method.getName();
    if (BEFORE_A_TRANSACTION.contains(name)) {
      if (readOnly && arguments != null && Boolean.FALSE.equals(arguments[0])) {
        throw new SQLException("these connections are for queries alone");
      }
      if (!used && entered) {
        // Nothing has been done in it yet: the next statement begins one as it is to be.
        session.connection().rollback();
        entered = false;
      }
    }
    if (name.equals("commit") || (name.equals("rollback") && arguments == null)) {
      entered = false;
      used = false;
    }
    if (name.equals("commit")) {
      session.commit();
      return null;
    }
    return JdbcGuard.around(this, null, method.invoke(session.connection(), arguments));
  }

  private void close(boolean isOfUse) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (isOfUse && session.reset()) {
        pool.give(slot);
      } else {
        session.close();
        pool.drop(slot);
      }
    } finally {
      lock.unlock();
    }
  }
}
