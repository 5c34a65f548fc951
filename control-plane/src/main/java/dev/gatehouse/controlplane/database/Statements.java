package dev.gatehouse.controlplane.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements that have no parameters, such as those about roles and schemas. Blocks. */
public final class Statements {
  private Statements() {}

  /** Runs one, or several with semicolons between them. */
  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A name as it stands in a statement, whatever it is. */
  public static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A text as it stands in a statement that takes no parameters. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
