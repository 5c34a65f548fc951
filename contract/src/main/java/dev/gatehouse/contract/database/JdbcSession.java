package dev.gatehouse.contract.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.SslMode;

/** A session of the JDBC driver. One thread at a time; blocks. */
final class JdbcSession {
  private static final String ENTER = SessionText.ENTER.formatted("?");
  private static final Set<String> KEPT_STATEMENT_GONE = Set.of("26000", "42P05");

  private final Connection connection;
  private final PreparedStatement enter;
  private final boolean forgetsStatements;

  private JdbcSession(Connection connection, PreparedStatement enter, boolean forgetsStatements) {
    this.connection = connection;
    this.enter = enter;
    this.forgetsStatements = forgetsStatements;
  }

  static JdbcSession open(PoolKey key, String password, PoolSettings settings) throws SQLException {
    PGSimpleDataSource server = new PGSimpleDataSource();
    server.setServerNames(new String[] {key.server().host()});
    server.setPortNumbers(new int[] {key.server().port()});
    server.setDatabaseName(key.database());
    server.setUser(key.user());
    server.setPassword(password);
    server.setConnectTimeout(seconds(settings.connect()));
    server.setLoginTimeout(seconds(settings.connect()));
    server.setSocketTimeout(seconds(settings.transaction()));
    server.setTcpKeepAlive(true);
    if (settings.transactionPooler()) {
      server.setPrepareThreshold(0);
    } else {
      server.setOptions(
          "-c idle_in_transaction_session_timeout=" + settings.transaction().toMillis());
    }
    encrypt(server, key, settings);
    Connection connection = server.getConnection();
    try {
      connection.setAutoCommit(false);
      return new JdbcSession(
          connection, connection.prepareStatement(ENTER), settings.transactionPooler());
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void encrypt(PGSimpleDataSource server, PoolKey key, PoolSettings settings)
      throws SQLException {
    switch (key.tls()) {
      case DISABLE -> server.setSslMode(SslMode.DISABLE.value);
      case REQUIRE -> {
        server.setSslMode(SslMode.REQUIRE.value);
        server.setSslfactory("org.postgresql.ssl.NonValidatingFactory");
      }
      case VERIFY_FULL -> {
        server.setSslMode(SslMode.VERIFY_FULL.value);
        server.setSslfactory(VerifyingSocketFactory.class.getName());
        Optional<String> trust = authorities(key, settings);
        if (trust.isPresent()) {
          server.setProperty(VerifyingSocketFactory.AUTHORITIES, trust.get());
        }
      }
    }
  }

  private static Optional<String> authorities(PoolKey key, PoolSettings settings)
      throws SQLException {
    try {
      return settings.authorities(key.trust());
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }

  private static int seconds(Duration time) {
    return Math.toIntExact(Math.max(1, time.toSeconds()));
  }

  Connection connection() {
    return connection;
  }

  /** Begins a transaction, if there is none, and enters; in one round trip. */
  void enter(String token, UUID tenant) throws SQLException {
    enter.setString(1, token);
    try (ResultSet row = enter.executeQuery()) {
      row.next();
      if (!tenant.equals(row.getObject(1, UUID.class))) {
        throw new SQLException("the database has entered another tenant than the context names");
      }
    }
  }

  /**
   * Commits.
   *
   * @throws SQLException also if an error had aborted the transaction, which the driver passes over
   */
  void commit() throws SQLException {
    if (connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
      connection.rollback();
      throw new SQLException(
          "an error had aborted the transaction, and the application passed over it", "25P02");
    }
    connection.commit();
  }

  /** Takes back what is not committed, and makes the session as if it were new; false if not so. */
  boolean reset() {
    try {
      connection.rollback();
      connection.setReadOnly(false);
      connection.setAutoCommit(true);
      boolean isFit = isFit();
      connection.setAutoCommit(false);
      connection.clearWarnings();
      return isFit;
    } catch (SQLException e) {
      return false;
    }
  }

  private boolean isFit() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(forgetsStatements ? SessionText.NOTHING_LEFT : SessionText.LEFT);
      boolean isFit = false;
      while (true) {
        if (statement.getMoreResults()) {
          try (ResultSet row = statement.getResultSet()) {
            isFit = row.next() && "f".equals(row.getString(1));
          }
        } else if (statement.getUpdateCount() == -1) {
          return isFit;
        }
      }
    }
  }

  /** Whether a failure says that the session had ended, or is not what it was. */
  static boolean hadEnded(SQLException failure) {
    String state = failure.getSQLState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || KEPT_STATEMENT_GONE.contains(state));
  }

  void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is of no use to anybody any more.
    }
  }
}
