package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.isolation.BlueprintVersion.Check;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Takes one place from the version of a blueprint that it has to another. All of it happens in one
 * transaction, the note of the version among it, so that a place has a version as a whole, and
 * doing it again changes nothing. Blocks.
 */
final class Migrator {
  private static final String NOTES = "gatehouse_blueprint";

  private static final String HAS_NOTES = "SELECT to_regclass('" + NOTES + "') IS NOT NULL";

  private static final String MAKE_NOTES =
      """
      CREATE TABLE gatehouse_blueprint (
        name       text PRIMARY KEY,
        version    integer NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """;

  private static final String PROTECTED =
      """
      SELECT c.oid::regclass::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
       WHERE p.polname = 'tenancy_tenant' AND c.relnamespace = current_schema()::regnamespace
         AND c.relowner = current_user::regrole
       ORDER BY 1
      """;

  private static final String THIS_TRANSACTION = "SELECT pg_current_xact_id()";

  private static final String READ = "SELECT version FROM gatehouse_blueprint WHERE name = ?";

  private static final String NOTE =
      """
      INSERT INTO gatehouse_blueprint (name, version) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET version = excluded.version, applied_at = now()
      """;

  private final String blueprint;
  private final Map<Integer, BlueprintVersion> versions;

  /**
   * @param versions all there are, by their numbers
   */
  Migrator(String blueprint, Map<Integer, BlueprintVersion> versions) {
    this.blueprint = blueprint;
    this.versions = Map.copyOf(versions);
  }

  /**
   * Migrates a place.
   *
   * @param address of its partition, as who sets it up
   * @param to the version that it is to have; 0 for none
   * @param dryRun whether all of it is undone at the end
   * @return the version that it had
   * @throws SQLException if a statement fails, or a check; the message names the version
   */
  int migrate(PartitionAddress address, Place place, int to, boolean dryRun) throws SQLException {
    return migrate(address, place, _ -> to, dryRun);
  }

  /** The same, but where the place is ahead it stays there. */
  int migrateUp(PartitionAddress address, Place place, int atLeast) throws SQLException {
    return migrate(address, place, from -> Math.max(from, atLeast), false);
  }

  private int migrate(PartitionAddress address, Place place, IntUnaryOperator to, boolean dryRun)
      throws SQLException {
    PartitionAddress where = place.in(address);
    try (Connection connection = where.open()) {
      PartitionNames names = new PartitionNames(place.partition());
      execute(connection, "SET LOCAL ROLE " + PartitionServer.quoted(names.ownerRole()));
      execute(connection, "SET LOCAL search_path = " + PartitionServer.quoted(place.schema()));
      execute(connection, "SELECT pg_advisory_xact_lock(hashtext('gatehouse.blueprint'))");
      int from = versionOf(connection, names, place);
      step(connection, from, to.applyAsInt(from));
      if (dryRun) {
        connection.rollback();
      } else {
        connection.commit();
      }
      return from;
    }
  }

  private int versionOf(Connection connection, PartitionNames names, Place place)
      throws SQLException {
    if (!text(connection, HAS_NOTES).equals("t")) {
      execute(connection, MAKE_NOTES);
      String role = place.tenant().map(names::roleOf).orElseGet(names::applicationRole);
      // What the application may do with tables by default, it may not do with this one.
      execute(connection, "REVOKE ALL ON " + NOTES + " FROM " + PartitionServer.quoted(role));
    }
    try (PreparedStatement read = connection.prepareStatement(READ)) {
      read.setString(1, blueprint);
      try (ResultSet rows = read.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  private void step(Connection connection, int from, int to) throws SQLException {
    boolean seesRows = false;
    for (int number = Math.min(from, to) + 1; number <= Math.max(from, to); number++) {
      seesRows |= version(number).seesRows();
    }
    if (seesRows) {
      force(connection, false);
    }
    for (int number = from + 1; number <= to; number++) {
      BlueprintVersion next = version(number);
      perform(connection, number, "up", next.up());
    }
    for (int number = from; number > to; number--) {
      String down =
          version(number)
              .down()
              .orElseThrow(() -> new SQLException("there is no way back: it has no down"));
      perform(connection, number, "down", down);
    }
    if (to > 0 && to != from) {
      if (seesRows) {
        force(connection, false); // tables that are new
      }
      check(connection, to, version(to).checks());
    }
    if (seesRows) {
      force(connection, true);
    }
    try (PreparedStatement note = connection.prepareStatement(NOTE)) {
      note.setString(1, blueprint);
      note.setInt(2, to);
      note.executeUpdate();
    }
  }

  /**
   * Has policies hold for the tables' owner, or not. The tables are locked until the transaction
   * ends, so that nobody else meets them like that.
   */
  private static void force(Connection connection, boolean forced) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(PROTECTED)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    for (String table : tables) {
      execute(
          connection,
          "ALTER TABLE " + table + (forced ? " FORCE" : " NO FORCE") + " ROW LEVEL SECURITY");
    }
  }

  private BlueprintVersion version(int number) throws SQLException {
    BlueprintVersion version = versions.get(number);
    if (version == null) {
      throw new SQLException(
          "the place has version " + number + " of " + blueprint + ", which is not known here");
    }
    return version;
  }

  private static void perform(Connection connection, int number, String way, String sql)
      throws SQLException {
    String transaction = text(connection, THIS_TRANSACTION);
    try {
      execute(connection, sql);
      if (!text(connection, THIS_TRANSACTION).equals(transaction)) {
        throw new SQLException(
            "it has ended the transaction that it runs in: leave out COMMIT and ROLLBACK");
      }
    } catch (SQLException e) {
      throw new SQLException(way + " of version " + number + ": " + e.getMessage(), e);
    }
  }

  private static void check(Connection connection, int number, List<Check> checks)
      throws SQLException {
    for (Check check : checks) {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(check.sql())) {
        if (!rows.next() || !rows.getBoolean(1)) {
          throw new SQLException("it does not hold");
        }
      } catch (SQLException e) {
        throw new SQLException(
            "the check \"" + check.name() + "\" of version " + number + ": " + e.getMessage(), e);
      }
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
