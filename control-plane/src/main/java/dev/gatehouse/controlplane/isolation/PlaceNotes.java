package dev.gatehouse.controlplane.isolation;

import static dev.gatehouse.controlplane.database.Statements.execute;
import static dev.gatehouse.controlplane.database.Statements.quoted;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;

/**
 * What a place itself notes of a blueprint: the version that it has, and how far a backfill is.
 * Both are written in the transactions that they tell of. One connection; blocks.
 */
final class PlaceNotes {
  private static final String NOTES = "gatehouse_blueprint";
  private static final String BACKFILLS = "gatehouse_backfill";

  private static final String ARE_THERE =
      "SELECT to_regclass('"
          + NOTES
          + "') IS NOT NULL, to_regclass('"
          + BACKFILLS
          + "') IS NOT NULL";

  private static final String MAKE_NOTES =
      """
      CREATE TABLE gatehouse_blueprint (
        name       text PRIMARY KEY,
        version    integer NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """;

  /** A row for each backfill on the way to a version; the newest may be under way. */
  private static final String MAKE_BACKFILLS =
      """
      CREATE TABLE gatehouse_backfill (
        name     text NOT NULL,
        version  integer NOT NULL,
        tenant   uuid, -- the last one whose rows are done
        rows     bigint NOT NULL DEFAULT 0,
        finished boolean NOT NULL DEFAULT false,
        PRIMARY KEY (name, version)
      )
      """;

  private static final String READ = "SELECT version FROM gatehouse_blueprint WHERE name = ?";

  private static final String READ_BACKFILL =
      """
      SELECT version, tenant, finished FROM gatehouse_backfill
       WHERE name = ? AND version > ? ORDER BY version DESC LIMIT 1
      """;

  private static final String NOTE =
      """
      INSERT INTO gatehouse_blueprint (name, version) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET version = excluded.version, applied_at = now()
      """;

  private static final String BEGIN =
      "INSERT INTO gatehouse_backfill (name, version) VALUES (?, ?)";

  private static final String BATCH =
      "UPDATE gatehouse_backfill SET rows = rows + ? WHERE name = ? AND version = ?";

  private static final String DONE_WITH =
      "UPDATE gatehouse_backfill SET tenant = ? WHERE name = ? AND version = ?";

  private static final String FINISHED =
      "UPDATE gatehouse_backfill SET finished = true WHERE name = ? AND version = ?";

  private static final String ROWS =
      "SELECT coalesce(sum(rows), 0) FROM gatehouse_backfill WHERE name = ?";

  private static final String CLEAR = "DELETE FROM gatehouse_backfill WHERE name = ?";

  private final Connection connection;
  private final String blueprint;
  private final String reader;
  private boolean hasBackfills;

  private PlaceNotes(Connection connection, String blueprint, String reader, boolean hasBackfills) {
    this.connection = connection;
    this.blueprint = blueprint;
    this.reader = reader;
    this.hasBackfills = hasBackfills;
  }

  /**
   * A backfill that is not part of the version yet.
   *
   * @param after the last tenant whose rows are done
   * @param isFinished whether there is no row left for it
   */
  record Backfilling(int version, Optional<UUID> after, boolean isFinished) {}

  /**
   * What is noted.
   *
   * @param version that the place has
   * @param backfilling what has begun of a higher one
   */
  record Noted(int version, Optional<Backfilling> backfilling) {
    /** The version whose {@code up} has run. */
    int applied() {
      return backfilling.map(Backfilling::version).orElse(version);
    }
  }

  /**
   * The notes of a place, made if there are none; in the transaction that has its role and schema.
   *
   * @param application the role that may read and write all else, and not these
   */
  static PlaceNotes in(Connection connection, String blueprint, String application)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet there = statement.executeQuery(ARE_THERE)) {
      there.next();
      PlaceNotes notes = new PlaceNotes(connection, blueprint, application, there.getBoolean(2));
      if (!there.getBoolean(1)) {
        notes.make(NOTES, MAKE_NOTES);
      }
      return notes;
    }
  }

  /** What the application may do with tables by default, it may not do with these. */
  private void make(String table, String sql) throws SQLException {
    execute(connection, sql);
    execute(connection, "REVOKE ALL ON " + table + " FROM " + quoted(reader));
  }

  Noted read() throws SQLException {
    int version = 0;
    try (PreparedStatement read = connection.prepareStatement(READ)) {
      read.setString(1, blueprint);
      try (ResultSet rows = read.executeQuery()) {
        if (rows.next()) {
          version = rows.getInt(1);
        }
      }
    }
    return new Noted(version, hasBackfills ? backfilling(version) : Optional.empty());
  }

  private Optional<Backfilling> backfilling(int version) throws SQLException {
    try (PreparedStatement read = connection.prepareStatement(READ_BACKFILL)) {
      read.setString(1, blueprint);
      read.setInt(2, version);
      try (ResultSet rows = read.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Backfilling(
                    rows.getInt(1),
                    Optional.ofNullable(rows.getObject(2, UUID.class)),
                    rows.getBoolean(3)))
            : Optional.empty();
      }
    }
  }

  /** The place has this version. */
  void note(int version) throws SQLException {
    run(NOTE, blueprint, version);
  }

  /** What its backfill has to do begins. */
  void begin(int version) throws SQLException {
    if (!hasBackfills) {
      make(BACKFILLS, MAKE_BACKFILLS);
      hasBackfills = true;
    }
    run(BEGIN, blueprint, version);
  }

  void batch(int version, long rows) throws SQLException {
    run(BATCH, rows, blueprint, version);
  }

  void doneWith(int version, UUID tenant) throws SQLException {
    run(DONE_WITH, tenant, blueprint, version);
  }

  void finished(int version) throws SQLException {
    run(FINISHED, blueprint, version);
  }

  /** How many rows the backfills have changed, since the place had a version as a whole. */
  long rows() throws SQLException {
    if (!hasBackfills) {
      return 0;
    }
    try (PreparedStatement read = connection.prepareStatement(ROWS)) {
      read.setString(1, blueprint);
      try (ResultSet rows = read.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /** It has got where it was to go. */
  void clear() throws SQLException {
    if (hasBackfills) {
      run(CLEAR, blueprint);
    }
  }

  private void run(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
