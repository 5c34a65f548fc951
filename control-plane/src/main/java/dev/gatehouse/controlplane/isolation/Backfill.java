package dev.gatehouse.controlplane.isolation;

import static dev.gatehouse.controlplane.database.Statements.execute;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Changes the rows of a place in pieces: the same statement again and again, each time in a
 * transaction of its own that has entered one tenant, until it finds nothing of this tenant's, then
 * of the next. No table is locked, and policies hold. How far it is, the same transactions note.
 */
final class Backfill {
  /** Somebody else's transaction was in the way; nothing is wrong with the statement. */
  private static final Set<String> WORTH_ANOTHER_TRY = Set.of("40001", "40P01", "55P03");

  private static final int ATTEMPTS = 5;

  private final Entrances entrances;
  private final Place place;
  private final int version;
  private final String sql;

  Backfill(Entrances entrances, Place place, int version, String sql) {
    this.entrances = entrances;
    this.place = place;
    this.version = version;
    this.sql = sql;
  }

  /** Opens the transaction of a piece: role, schema, and the lock of the place. */
  @FunctionalInterface
  interface Begin {
    PlaceNotes begin() throws SQLException;
  }

  /**
   * Does one piece, in a transaction that it begins and commits.
   *
   * @return whether there may be more
   * @throws SQLException if the statement fails
   */
  boolean piece(Connection connection, Begin begin) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        boolean isMore = tryPiece(connection, begin);
        connection.commit();
        return isMore;
      } catch (SQLException e) {
        connection.rollback();
        if (attempt == ATTEMPTS || !WORTH_ANOTHER_TRY.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
      }
    }
  }

  private boolean tryPiece(Connection connection, Begin begin) throws SQLException {
    PlaceNotes notes = begin.begin();
    Optional<PlaceNotes.Backfilling> mine =
        notes.read().backfilling().filter(noted -> noted.version() == version);
    if (mine.isEmpty() || mine.get().isFinished()) {
      return false; // another instance was faster
    }
    Optional<UUID> tenant = entrances.next(place, mine.get().after());
    if (tenant.isEmpty()) {
      notes.finished(version);
      return false;
    }
    long rows = changedRows(connection, tenant.get());
    if (rows > 0) {
      notes.batch(version, rows);
    } else {
      notes.doneWith(version, tenant.get());
    }
    return true;
  }

  /** Does it once for some tenant, in a transaction that will be undone. */
  void rehearse(Connection connection) throws SQLException {
    Optional<UUID> tenant = entrances.next(place, Optional.empty());
    if (tenant.isPresent()) {
      execute(connection, "SAVEPOINT rehearsal");
      long _ = changedRows(connection, tenant.get());
      execute(connection, "ROLLBACK TO rehearsal"); // nobody is entered any more
    }
  }

  private long changedRows(Connection connection, UUID tenant) throws SQLException {
    try (PreparedStatement enter = connection.prepareStatement("SELECT tenancy.enter(?)")) {
      enter.setString(1, entrances.token(place.partition(), tenant));
      enter.execute();
    }
    long[] rows = {0};
    Migrator.perform(connection, version, "backfill", () -> rows[0] = sum(connection, sql));
    return rows[0];
  }

  /** What all its statements have changed, or say that they have in the first column of a row. */
  private static long sum(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean isQuery = statement.execute(sql);
      long sum = 0;
      while (isQuery || statement.getUpdateCount() >= 0) {
        if (isQuery) {
          try (ResultSet rows = statement.getResultSet()) {
            sum += rows.next() ? rows.getLong(1) : 0;
          }
        } else {
          sum += statement.getLargeUpdateCount();
        }
        isQuery = statement.getMoreResults();
      }
      return sum;
    }
  }
}
