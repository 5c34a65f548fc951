package dev.gatehouse.controlplane.audit;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Looks at a control plane's database from outside, as its owner or as somebody else. */
final class AuditDatabase {
  private final DatabaseUrl owner;

  AuditDatabase(String ownerUrl) {
    this.owner = DatabaseUrl.parse(ownerUrl);
  }

  /** Runs statements as the superuser that the tests' server has. */
  void asOwner(String... statements) throws SQLException {
    try (Connection connection = connect(owner.user(), owner.password())) {
      run(connection, statements);
    }
  }

  /** Runs statements in one session of another role. */
  void as(String role, String password, String... statements) throws SQLException {
    try (Connection connection = connect(role, password)) {
      run(connection, statements);
    }
  }

  /** Changes the trail as only a superuser can who has decided to. */
  void tamper(String... statements) throws SQLException {
    String[] all = new String[statements.length + 1];
    all[0] =
        """
        ALTER TABLE audit.entry DISABLE TRIGGER append_only;
        ALTER TABLE audit.chain DISABLE TRIGGER append_only;
        ALTER TABLE audit.chain DISABLE TRIGGER grow_only;
        ALTER TABLE audit.checkpoint DISABLE TRIGGER append_only;
        ALTER TABLE audit.checkpoint_head DISABLE TRIGGER append_only;
        """;
    System.arraycopy(statements, 0, all, 1, statements.length);
    asOwner(all);
  }

  /** Keeps what a statement has locked, until it is closed. */
  Hold hold(String statement) throws SQLException {
    Connection connection = connect(owner.user(), owner.password());
    connection.setAutoCommit(false);
    run(connection, statement);
    return connection::close;
  }

  /** A transaction that is open. */
  interface Hold extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Connection connect(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(owner.host(), owner.port(), owner.database()),
        login);
  }
}
