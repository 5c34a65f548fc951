package dev.gatehouse.controlplane.database;

import static dev.gatehouse.controlplane.database.Statements.execute;
import static dev.gatehouse.controlplane.database.Statements.literal;
import static dev.gatehouse.controlplane.database.Statements.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The role that serves requests. It is not the one that owns the tables, so that no statement of a
 * request, and no fault in one, can change what is only ever added to. Blocks.
 */
public final class ApplicationRole {
  private static final String SUFFIX = "_app";
  private static final int LONGEST_NAME = 63;

  /** Only one instance at a time changes roles and privileges. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('gatehouse.role'))";

  private ApplicationRole() {}

  /**
   * Makes sure that there is a role of its own for requests, {@code <database>_app}, and says what
   * it may do.
   *
   * @param owner who owns the tables; must be allowed to make roles
   * @param password of the role, the same at every instance
   * @return how to connect as it
   * @throws IllegalStateException if it cannot be made; the message says what is needed
   */
  public static DatabaseUrl of(DatabaseUrl owner, String password) {
    String database = owner.database();
    int longest = LONGEST_NAME - SUFFIX.length();
    String name = database.substring(0, Math.min(longest, database.length())) + SUFFIX;
    DatabaseUrl application =
        new DatabaseUrl(owner.host(), owner.port(), owner.database(), name, password);
    try (Connection connection = connect(owner)) {
      connection.setAutoCommit(false);
      execute(connection, LOCK);
      if (!isThere(connection, name)) {
        execute(connection, "CREATE ROLE " + quoted(name) + " NOINHERIT");
      }
      if (!admits(application)) {
        String verifier = ScramVerifier.of(password);
        execute(connection, "ALTER ROLE " + quoted(name) + " LOGIN PASSWORD " + literal(verifier));
      }
      grant(connection, name);
      connection.commit();
      return application;
    } catch (SQLException e) {
      throw new IllegalStateException(explained(owner, name, e));
    }
  }

  /**
   * Says what a role that is there already may do.
   *
   * @param owner who owns the tables
   * @param application who serves requests
   * @throws IllegalStateException if the privileges cannot be granted
   */
  public static void grant(DatabaseUrl owner, DatabaseUrl application) {
    try (Connection connection = connect(owner)) {
      connection.setAutoCommit(false);
      execute(connection, LOCK);
      grant(connection, application.user());
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void grant(Connection connection, String role) throws SQLException {
    try (PreparedStatement setting =
        connection.prepareStatement("SELECT set_config('gatehouse.application_role', ?, true)")) {
      setting.setString(1, role);
      setting.execute();
    }
    execute(connection, privileges());
  }

  private static boolean isThere(Connection connection, String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT FROM pg_roles WHERE rolname = ?")) {
      query.setString(1, name);
      try (ResultSet found = query.executeQuery()) {
        return found.next();
      }
    }
  }

  /** Not altered at every start: what is there already is left alone. */
  private static boolean admits(DatabaseUrl url) {
    try (Connection _ = connect(url)) {
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  private static Connection connect(DatabaseUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
  }

  private static SQLException explained(DatabaseUrl owner, String name, SQLException cause) {
    return new SQLException(
        "the role %s, which serves requests, could not be made or given its privileges by %s: %s. Let %s make roles (ALTER ROLE … CREATEROLE), or make one yourself and name the owner in database.ownerUrl"
            .formatted(name, owner.user(), cause.getMessage(), owner.user()),
        cause.getSQLState(),
        cause);
  }

  private static String privileges() {
    try (InputStream in = ApplicationRole.class.getResourceAsStream("/db/privileges.sql")) {
      if (in == null) {
        throw new IllegalStateException("db/privileges.sql is missing from the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
