package dev.gatehouse.controlplane.isolation;

import static dev.gatehouse.controlplane.database.Statements.execute;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether policies hold for the owner of the protected tables of the current schema, too. Where
 * they do not, the tables are locked until the transaction ends, so that nobody else meets them
 * like that. Blocks.
 */
final class ForcedPolicies {
  private static final String PROTECTED =
      """
      SELECT c.oid::regclass::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
       WHERE p.polname = 'tenancy_tenant' AND c.relnamespace = current_schema()::regnamespace
         AND c.relowner = current_user::regrole
       ORDER BY 1
      """;

  private ForcedPolicies() {}

  /** They hold. */
  static void force(Connection connection) throws SQLException {
    alter(connection, "FORCE");
  }

  /** They do not, so that the owner sees all rows. */
  static void lift(Connection connection) throws SQLException {
    alter(connection, "NO FORCE");
  }

  private static void alter(Connection connection, String how) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(PROTECTED)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    for (String table : tables) {
      execute(connection, "ALTER TABLE " + table + " " + how + " ROW LEVEL SECURITY");
    }
  }
}
