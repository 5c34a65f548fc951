package dev.gatehouse.deploy.tenancy;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Which database a command works on. Its password is no argument, since others on the machine could
 * read it there.
 */
final class DatabaseOptions {
  private static final String VARIABLE = "GATEHOUSE_TENANCY_DATABASE_URL";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--url-file",
      paramLabel = "FILE",
      description = {
        "Holds postgresql://user:password@host:port/database;",
        "otherwise the environment variable " + VARIABLE + " does."
      })
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "Becomes this role first: the one that owns the schema, or is to own it.")
  private Optional<String> role = Optional.empty();

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  DatabaseOptions() {}

  /** A connection of the owner's, in a transaction; the caller commits and closes it. */
  Connection open() throws SQLException, IOException {
    Connection connection = openAsLogin();
    becomeOwner(connection);
    return connection;
  }

  /** The role to become, if one was named. */
  Optional<String> owner() {
    return role;
  }

  /** From now on the connection acts as the role to become, if one was named. */
  void becomeOwner(Connection connection) throws SQLException {
    if (role.isPresent()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET ROLE " + statement.enquoteIdentifier(role.get(), true));
      }
    }
  }

  /** A connection of who logs in, in a transaction; the caller commits and closes it. */
  Connection openAsLogin() throws SQLException, IOException {
    String text =
        file.isPresent()
            ? Files.readString(file.get()).strip()
            : Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
    DatabaseUrl url = parsed(text);
    // What the driver is told besides, such as sslmode.
    int query = text.indexOf('?');
    Connection connection =
        DriverManager.getConnection(
            url.jdbcUrl() + (query < 0 ? "" : text.substring(query)), url.user(), url.password());
    connection.setAutoCommit(false);
    return connection;
  }

  private DatabaseUrl parsed(String text) {
    try {
      return DatabaseUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "Say in a file (--url-file) or in "
              + VARIABLE
              + " which database: postgresql://user:password@host:port/database",
          e);
    }
  }
}
