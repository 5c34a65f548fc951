package dev.gatehouse.controlplane;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Looks into the database of a control plane, on a connection of its own. */
public final class Sql implements AutoCloseable {
  private static final long SHORTEST_PAUSE_NANOS = 10_000_000;
  private static final long LONGEST_PAUSE_NANOS = 150_000_000;

  private final Connection connection;

  public Sql(String databaseUrl) {
    URI uri = URI.create(databaseUrl);
    String[] login = uri.getUserInfo().split(":", 2);
    try {
      connection =
          DriverManager.getConnection(
              "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath()),
              login[0],
              login[1]);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public void execute(String sql) {
    try (var statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public long count(String sql, Object... values) {
    return Long.parseLong(texts(sql, values).getFirst());
  }

  /** The first column of each row. */
  public List<String> texts(String sql, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(String.valueOf(rows.getString(1)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looks again and again, less and less often: each look costs what others could use. */
  public static void await(BooleanSupplier condition) {
    long pause = SHORTEST_PAUSE_NANOS;
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new AssertionError("the test took too long");
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(pause + pause / 4, LONGEST_PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
