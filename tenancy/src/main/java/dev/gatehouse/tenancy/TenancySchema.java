package dev.gatehouse.tenancy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema {@code tenancy} of one database, in which PostgreSQL itself verifies whose rows a
 * transaction may see. Works on a connection of the role that owns it, or is to own it; leaves
 * transactions to its caller. Blocks; not for several threads at once.
 */
public final class TenancySchema {
  /** The version that {@link #install} installs. */
  public static final int VERSION = 2;

  private static final Pattern COMMENT = Pattern.compile("version ([0-9]{1,4})");

  private final Connection connection;

  /**
   * @param connection of the owner; the caller closes it
   */
  public TenancySchema(Connection connection) {
    this.connection = connection;
  }

  /** The SQL of a version, for whoever would rather run it by hand: in one transaction. */
  public static String script(int version) {
    return resource("tenancy-" + version + ".sql");
  }

  private static String resource(String name) {
    try (InputStream file = TenancySchema.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalArgumentException("there is no " + name);
      }
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets a role that owns the schema, or is to own it, keep the tenant of a transaction in a
   * parameter of the server, where reading it costs least. Without effect where this connection is
   * not a superuser's: the tenant is sealed then. What is granted holds for all databases of the
   * server, and goes with {@code DROP OWNED BY}. In a transaction of the caller's, which it should
   * soon commit: others wait for it who grant.
   *
   * @throws SQLException if there is no such role
   */
  public void grantParameter(String owner) throws SQLException {
    if (!isTrue("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        || isTrue("SELECT has_parameter_privilege(?, 'backtrace_functions', 'SET')", owner)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      // PostgreSQL refuses two who grant at the same time, in whatever databases.
      statement.execute("LOCK TABLE pg_catalog.pg_parameter_acl IN SHARE ROW EXCLUSIVE MODE");
      statement.execute(
          "GRANT SET ON PARAMETER backtrace_functions TO "
              + statement.enquoteIdentifier(owner, true));
    }
  }

  /** Whether tenants are kept in the parameter, and not sealed; once it is installed. */
  public boolean keepsInParameter() throws SQLException {
    return isTrue(
        """
        SELECT has_parameter_privilege(nspowner, 'backtrace_functions', 'SET')
          FROM pg_namespace WHERE nspname = 'tenancy'
        """);
  }

  /**
   * The role that owns the schema, as it is written in SQL.
   *
   * @throws IllegalStateException if it is not installed
   */
  public String owner() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'tenancy'")) {
      if (!rows.next()) {
        throw new IllegalStateException("the schema tenancy is not installed");
      }
      return rows.getString(1);
    }
  }

  private boolean isTrue(String query, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  /**
   * Installs it, or brings it to {@link #VERSION}; changes nothing where it is of that version.
   *
   * @return whether anything was changed
   * @throws IllegalStateException if the database has a newer one
   */
  public boolean install() throws SQLException {
    int from = version().orElse(0);
    if (from > VERSION) {
      throw new IllegalStateException(
          "the schema tenancy is of version " + from + ", newer than " + VERSION);
    }
    for (int next = from + 1; next <= VERSION; next++) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(script(next));
      }
    }
    return from < VERSION;
  }

  /**
   * Installs the small one of a database in which there is one tenant alone: the same functions,
   * which know this tenant and no other, and need no keys. Changes nothing where it is there.
   */
  public void installFor(UUID tenant) throws SQLException {
    if (version().isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            resource("database-1.sql")
                .replace("00000000-0000-0000-0000-000000000000", tenant.toString()));
      }
    }
  }

  /** The ids of the keys that tokens are verified with. */
  public Set<String> tokenKeys() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM tenancy.token_key")) {
      Set<String> ids = new HashSet<>();
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
      return ids;
    }
  }

  /** The version that the database has; empty if it has none. */
  public OptionalInt version() throws SQLException {
    String query =
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'tenancy'";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next()) {
        return OptionalInt.empty();
      }
      Matcher comment = COMMENT.matcher(Optional.ofNullable(rows.getString(1)).orElse(""));
      if (!comment.matches()) {
        throw new IllegalStateException("the schema tenancy is there, but is not this one");
      }
      return OptionalInt.of(Integer.parseInt(comment.group(1)));
    }
  }

  /**
   * Lets a role enter tenants: the one that an application logs in with.
   *
   * @throws SQLException if there is none, or it is above all policies
   */
  public void admit(String role) throws SQLException {
    call("SELECT tenancy.admit(?::regrole)", role);
  }

  /** Lets a role protect its tables: the one that an application's belong to. */
  public void admitOwner(String role) throws SQLException {
    call("SELECT tenancy.admit_owner(?::regrole)", role);
  }

  private void call(String function, String role) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(function)) {
      statement.setString(1, "\"" + role.replace("\"", "\"\"") + "\"");
      statement.execute();
    }
  }

  /**
   * From when the transaction is committed, tokens under this key are good here, beside those of
   * other keys.
   *
   * @param secret {@value DatabaseTokenKey#LENGTH} bytes
   * @param audience as in {@link DatabaseTokenKey}
   */
  public void putTokenKey(String id, byte[] secret, String audience) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT tenancy.put_token_key(?, ?, ?)")) {
      statement.setString(1, id);
      statement.setBytes(2, secret);
      statement.setString(3, audience);
      statement.execute();
    }
  }

  /**
   * From when the transaction is committed, tokens under this key are not good here any more.
   *
   * @return whether there was such a key
   */
  public boolean dropTokenKey(String id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT tenancy.drop_token_key(?)")) {
      statement.setString(1, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  /** What would let a row of one tenant be seen, changed or guessed by another. */
  public List<Finding> findings() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT object, finding FROM tenancy.findings() ORDER BY 1, 2")) {
      List<Finding> findings = new ArrayList<>();
      while (rows.next()) {
        findings.add(new Finding(rows.getString(1), rows.getString(2)));
      }
      return findings;
    }
  }

  /**
   * Something that would let a row escape.
   *
   * @param object a table, view, function or role
   * @param finding what is wrong with it
   */
  public record Finding(String object, String finding) {}
}
