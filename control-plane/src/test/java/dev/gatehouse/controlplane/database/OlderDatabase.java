package dev.gatehouse.controlplane.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/** Databases as older versions have left them. */
public final class OlderDatabase {
  private OlderDatabase() {}

  /** Migrates an empty database to an older version, and runs statements on it. */
  public static void fill(String databaseUrl, String version, String sql) throws SQLException {
    DatabaseUrl url = DatabaseUrl.parse(databaseUrl);
    Flyway.configure()
        .dataSource(url.jdbcUrl(), url.user(), url.password())
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
    try (Connection connection =
            DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
