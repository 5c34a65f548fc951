package dev.gatehouse.loadtests.isolation;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.loadtests.load.Median;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Transactions of one client: some say whose they are, then read some rows by their key, each in a
 * statement of its own.
 */
final class Transactions implements AutoCloseable {
  static final int TENANTS = 100;
  static final int ROWS = 1000;

  /** How the database knows the tenant. */
  enum Kind {
    /** A setting that the application writes, and a policy that believes it. */
    TRUSTED("set_config, and a policy that believes it", "trusted"),
    /** A token that the database verifies, and a parameter that the application may not set. */
    VERIFIED("tenancy.enter, and tenancy.protect", "verified"),
    /** A token that the database verifies, where nobody may set the parameter. */
    SEALED("the same, sealed", "verified");

    final String words;
    final String table;

    Kind(String words, String table) {
      this.words = words;
      this.table = table;
    }
  }

  private final Connection connection;
  private final DatabaseTokenKey key;
  private int turn;

  Transactions(String url, String user, String password, DatabaseTokenKey key) throws SQLException {
    this.connection = DriverManager.getConnection(url, user, password);
    connection.setAutoCommit(false);
    this.key = key;
  }

  /** The process that serves them. */
  long backend() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT pg_backend_pid()");
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      long pid = rows.getLong(1);
      connection.commit();
      return pid;
    }
  }

  /** Does so many; the median of how long one takes, in microseconds. */
  double run(Kind kind, int queries, int count) throws SQLException {
    double[] micros = new double[count];
    String first =
        kind == Kind.TRUSTED
            ? "SELECT set_config('app.tenant', ?, true)"
            : "SELECT tenancy.enter(?)";
    try (PreparedStatement enter = connection.prepareStatement(first);
        PreparedStatement read =
            connection.prepareStatement(
                "SELECT text FROM public." + kind.table + " WHERE id = ?")) {
      for (int i = 0; i < count; i++) {
        UUID tenant = tenant(turn++ % TENANTS);
        String who =
            kind == Kind.TRUSTED
                ? tenant.toString()
                : key.mint(tenant, Instant.now().plus(Duration.ofMinutes(1)));
        long begin = System.nanoTime();
        enter.setString(1, who);
        enter.executeQuery().close();
        for (int q = 0; q < queries; q++) {
          read.setInt(1, 1 + (turn * 31 + q) % ROWS);
          readOne(read);
        }
        connection.commit();
        micros[i] = (System.nanoTime() - begin) / 1e3;
      }
    }
    return Median.of(micros);
  }

  private static void readOne(PreparedStatement read) throws SQLException {
    try (ResultSet row = read.executeQuery()) {
      if (!row.next() || row.next()) {
        throw new SQLException("a tenant must see one row under each id");
      }
    }
  }

  static UUID tenant(int number) {
    return new UUID(0x0197c0de00007000L, 0x8000000000000000L + number);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
