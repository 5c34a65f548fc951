package dev.gatehouse.loadtests.rollouts;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a loop of psql over all schemas would do: log in, one transaction with the SQL and a note of
 * the version, log out; one schema after the other, with no program to start for each.
 */
final class OneByOne {
  private final URI server;

  OneByOne(String url) {
    this.server = URI.create(url);
  }

  /** Runs some SQL in each schema of a tenant. */
  Duration run(String sql) throws SQLException {
    List<String> schemas = schemas();
    long begin = System.nanoTime();
    for (String schema : schemas) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("SET LOCAL ROLE gh_p1_owner");
        statement.execute("SET LOCAL search_path = " + schema);
        statement.execute(
            "CREATE TABLE IF NOT EXISTS loop_version (version int, applied_at timestamptz DEFAULT now())");
        statement.execute(sql);
        statement.execute("INSERT INTO loop_version (version) VALUES (1)");
        connection.commit();
      }
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private List<String> schemas() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%' ORDER BY 1")) {
      List<String> schemas = new ArrayList<>();
      while (rows.next()) {
        schemas.add(rows.getString(1));
      }
      return schemas;
    }
  }

  private Connection connect() throws SQLException {
    String[] login = server.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        String.format(
            Locale.ROOT,
            "jdbc:postgresql://%s:%d%s",
            server.getHost(),
            server.getPort(),
            server.getPath()),
        login[0],
        login[1]);
  }
}
