package dev.gatehouse.deploy.tenancy;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
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

  /** A connection in a transaction; the caller commits and closes it. */
  Connection open() throws SQLException, IOException {
    URI url = url();
    Properties login = new Properties();
    if (url.getRawUserInfo() != null) {
      String[] parts = url.getRawUserInfo().split(":", 2);
      login.setProperty("user", decoded(parts[0]));
      if (parts.length == 2) {
        login.setProperty("password", decoded(parts[1]));
      }
    }
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://"
                + url.getHost()
                + ":"
                + (url.getPort() < 0 ? 5432 : url.getPort())
                + url.getRawPath()
                + query,
            login);
    connection.setAutoCommit(false);
    if (role.isPresent()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET ROLE " + statement.enquoteIdentifier(role.get(), true));
      }
    }
    return connection;
  }

  private URI url() throws IOException {
    String text =
        file.isPresent()
            ? Files.readString(file.get()).strip()
            : Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
    try {
      URI url = URI.create(text);
      if ("postgresql".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // Not its message, which repeats the password.
    }
    throw new ParameterException(
        spec.commandLine(),
        "Say in a file (--url-file) or in "
            + VARIABLE
            + " which database: postgresql://user:password@host:port/database");
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
