package dev.gatehouse.contract.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection of a {@link JdbcLease} gives out: statements that enter the tenant before they
 * are executed, results, and nothing that leads to the driver's own connection.
 */
final class JdbcGuard implements InvocationHandler {
  /** The more special ones first. */
  private static final List<Class<?>> GUARDED =
      List.of(
          CallableStatement.class,
          PreparedStatement.class,
          Statement.class,
          ResultSet.class,
          DatabaseMetaData.class,
          Array.class);

  private final JdbcLease lease;
  private final @Nullable Object parent;
  private final Object target;

  private JdbcGuard(JdbcLease lease, @Nullable Object parent, Object target) {
    this.lease = lease;
    this.parent = parent;
    this.target = target;
  }

  /**
   * The same, guarded if it needs to be.
   *
   * @param parent the statement that a result is of
   */
  static @Nullable Object around(
      JdbcLease lease, @Nullable Object parent, @Nullable Object result) {
    if (result == null) {
      return null;
    }
    for (Class<?> type : GUARDED) {
      if (type.isInstance(result)) {
        return Proxy.newProxyInstance(
            JdbcGuard.class.getClassLoader(),
            new Class<?>[] {type},
            new JdbcGuard(lease, parent, result));
      }
    }
    return result;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    return switch (name) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> target.getClass().getSimpleName();
      case "getConnection" -> lease.connection();
      case "getStatement" -> parent;
      case "close" -> lease.isClosed() ? null : within(proxy, method, arguments);
      case "isClosed" -> lease.isClosed() || Boolean.TRUE.equals(direct(method, arguments));
      case "unwrap" -> unwrap(proxy, arguments);
      case "isWrapperFor" -> isWrapperFor(proxy, arguments);
      // From another thread, while this one is at work.
      case "cancel" -> direct(method, arguments);
      default -> within(proxy, method, arguments);
    };
  }

  private @Nullable Object within(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return lease.within(
        target instanceof Statement && method.getName().startsWith("execute"),
        () -> around(lease, proxy, method.invoke(target, arguments)));
  }

  private @Nullable Object direct(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  static Object unwrap(Object proxy, Object @Nullable [] arguments) throws SQLException {
    if (isWrapperFor(proxy, arguments)) {
      return proxy;
    }
    throw new SQLException("the driver's own connection is not for applications here");
  }

  static boolean isWrapperFor(Object proxy, Object @Nullable [] arguments) {
    return arguments != null && arguments[0] instanceof Class<?> type && type.isInstance(proxy);
  }
}
