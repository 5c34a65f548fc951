package dev.gatehouse.controlplane.isolation;

import static dev.gatehouse.controlplane.database.Statements.execute;
import static dev.gatehouse.controlplane.database.Statements.quoted;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one tenant in the tables that it shares with others. They are deleted as the
 * application would: by the tables' owner, who is under their policies too, in transactions that
 * have entered the tenant.
 */
final class SharedRows {
  private static final int BATCH = 5_000;
  private static final String STILL_REFERENCED = "23503";

  private static final String TABLES =
      """
      SELECT c.oid::regclass::text
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
       WHERE p.polname = 'tenancy_tenant' AND c.relowner = to_regrole(?)
         AND NOT c.relispartition
       ORDER BY 1
      """;

  private final Connection connection;
  private final PartitionNames names;

  SharedRows(Connection connection, PartitionNames names) {
    this.connection = connection;
    this.names = names;
  }

  /**
   * Deletes them, some in each transaction. A table to which others refer comes after those.
   *
   * @throws SQLException if some cannot be deleted, such as two tables that refer to each other
   */
  void delete(String token) throws SQLException {
    List<String> left = tables();
    while (!left.isEmpty()) {
      List<String> blocked = new ArrayList<>();
      for (String table : left) {
        if (!empty(table, token)) {
          blocked.add(table);
        }
      }
      if (blocked.size() == left.size()) {
        throw new SQLException("rows refer to each other in a circle: " + blocked);
      }
      left = blocked;
    }
  }

  private List<String> tables() throws SQLException {
    connection.rollback();
    try (PreparedStatement query = connection.prepareStatement(TABLES)) {
      query.setString(1, quoted(names.ownerRole()));
      try (ResultSet rows = query.executeQuery()) {
        List<String> tables = new ArrayList<>();
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
        return tables;
      }
    }
  }

  /** Returns whether nothing is left; something may be that others refer to. */
  private boolean empty(String table, String token) throws SQLException {
    String delete =
        "DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s LIMIT %2$d))"
            .formatted(table, BATCH);
    try {
      int deleted;
      do {
        connection.rollback();
        enter(token);
        try (Statement statement = connection.createStatement()) {
          deleted = statement.executeUpdate(delete);
        }
        connection.commit();
      } while (deleted > 0);
      return true;
    } catch (SQLException e) {
      connection.rollback();
      if (STILL_REFERENCED.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private void enter(String token) throws SQLException {
    execute(connection, "SET LOCAL ROLE " + quoted(names.ownerRole()));
    try (PreparedStatement enter = connection.prepareStatement("SELECT tenancy.enter(?)")) {
      enter.setString(1, token);
      enter.execute();
    }
  }
}
