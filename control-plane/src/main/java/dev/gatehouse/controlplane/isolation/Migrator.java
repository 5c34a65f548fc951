package dev.gatehouse.controlplane.isolation;

import static dev.gatehouse.controlplane.database.Statements.execute;
import static dev.gatehouse.controlplane.database.Statements.quoted;

import dev.gatehouse.controlplane.isolation.BlueprintVersion.Check;
import dev.gatehouse.controlplane.isolation.PlaceNotes.Noted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Takes one place from the version of a blueprint that it has to another. All of it happens in one
 * transaction, the note of the version among it, so that a place has a version as a whole, and
 * doing it again changes nothing. Only where a version has a backfill there are several: up to it,
 * its pieces, and what comes after. Blocks.
 */
final class Migrator {
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('gatehouse.blueprint/' || ?, 0))";

  private static final String THIS_TRANSACTION = "SELECT pg_current_xact_id()";

  private final String blueprint;
  private final Map<Integer, BlueprintVersion> versions;
  private final Entrances entrances;

  /**
   * @param versions all there are, by their numbers
   * @param entrances for backfills
   */
  Migrator(String blueprint, Map<Integer, BlueprintVersion> versions, Entrances entrances) {
    this.blueprint = blueprint;
    this.versions = Map.copyOf(versions);
    this.entrances = entrances;
  }

  /**
   * How far a place has got.
   *
   * @param version that it has
   * @param isDone whether that is what it was to have
   * @param backfilled how many rows backfills have changed on the way
   */
  record Outcome(int version, boolean isDone, long backfilled) {}

  /** Where the work happens. */
  private record Site(Connection connection, Place place) {}

  /** Something with a connection that may fail. */
  @FunctionalInterface
  interface Action {
    void run() throws SQLException;
  }

  /**
   * Migrates a place.
   *
   * @param address of its partition, as who sets it up
   * @param to the version that it is to have; 0 for none
   * @param mayGoOn asked after each piece of a backfill; where it says no, the rest is for another
   *     time
   * @throws SQLException if a statement fails, or a check; the message names the version
   */
  Outcome migrate(PartitionAddress address, Place place, int to, BooleanSupplier mayGoOn)
      throws SQLException {
    return migrate(address, place, _ -> to, mayGoOn);
  }

  /** The same, but where the place is ahead it stays there. */
  Outcome migrateUp(PartitionAddress address, Place place, int atLeast) throws SQLException {
    return migrate(address, place, from -> Math.max(from, atLeast), () -> true);
  }

  private Outcome migrate(
      PartitionAddress address, Place place, IntUnaryOperator to, BooleanSupplier mayGoOn)
      throws SQLException {
    try (Connection connection = place.in(address).open()) {
      Site site = new Site(connection, place);
      while (true) {
        PlaceNotes notes = begin(site);
        Noted noted = notes.read();
        int goal = to.applyAsInt(noted.applied());
        if (noted.backfilling().isPresent()
            && !noted.backfilling().get().isFinished()
            && goal >= noted.applied()) {
          connection.rollback();
          Outcome soFar = backfill(site, noted, mayGoOn);
          if (!soFar.isDone()) {
            return soFar;
          }
        } else {
          int reached = stage(connection, notes, noted, goal);
          long rows = notes.rows();
          if (reached == goal) {
            notes.clear();
          }
          connection.commit();
          if (reached == goal) {
            return new Outcome(goal, true, rows);
          }
        }
      }
    }
  }

  /**
   * Does all of it, pieces of backfills but for one, and undoes it.
   *
   * @throws SQLException as {@link #migrate}
   */
  void rehearse(PartitionAddress address, Place place, int to) throws SQLException {
    try (Connection connection = place.in(address).open()) {
      int from = begin(new Site(connection, place)).read().applied();
      boolean seesRows = seesRows(from, to);
      change(connection, from, to, seesRows, number -> rehearse(connection, place, number));
      check(connection, from, to, seesRows);
      connection.rollback();
    }
  }

  private void rehearse(Connection connection, Place place, int number) throws SQLException {
    Optional<String> sql = version(number).backfill();
    if (sql.isPresent()) {
      new Backfill(entrances, place, number, sql.get()).rehearse(connection);
    }
  }

  /** Begins a transaction as the owner of the tables, with the place for itself. */
  private PlaceNotes begin(Site site) throws SQLException {
    Connection connection = site.connection();
    Place place = site.place();
    PartitionNames names = new PartitionNames(place.partition());
    execute(connection, "SET LOCAL ROLE " + quoted(names.ownerRole()));
    execute(connection, "SET LOCAL search_path = " + quoted(place.schema()));
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setString(1, place.schema());
      lock.execute();
    }
    return PlaceNotes.in(
        connection, blueprint, place.tenant().map(names::roleOf).orElseGet(names::applicationRole));
  }

  /** Goes on with a backfill; done when it has nothing left to do. */
  private Outcome backfill(Site site, Noted noted, BooleanSupplier mayGoOn) throws SQLException {
    int number = noted.applied();
    String sql =
        version(number)
            .backfill()
            .orElseThrow(() -> new SQLException("version " + number + " has no backfill any more"));
    Backfill backfill = new Backfill(entrances, site.place(), number, sql);
    boolean isMore = backfill.piece(site.connection(), () -> begin(site));
    while (isMore && mayGoOn.getAsBoolean()) {
      isMore = backfill.piece(site.connection(), () -> begin(site));
    }
    PlaceNotes notes = begin(site);
    boolean wasTakenBack = notes.read().applied() < number;
    long rows = notes.rows();
    site.connection().rollback();
    if (wasTakenBack) {
      throw new SQLException("version " + number + " was taken back while its backfill was on");
    }
    return new Outcome(noted.version(), !isMore, rows);
  }

  /**
   * Goes as far as one transaction goes: to the goal, or to where a backfill is to be done.
   *
   * @return the version that the place has then
   */
  private int stage(Connection connection, PlaceNotes notes, Noted noted, int goal)
      throws SQLException {
    int from = noted.applied();
    int to = from;
    boolean needsBackfill = false;
    while (to < goal && !needsBackfill) {
      to++;
      needsBackfill = version(to).backfill().isPresent();
    }
    to = goal < from ? goal : to;
    boolean seesRows = seesRows(from, to);
    change(connection, from, to, seesRows, _ -> {});
    if (needsBackfill) {
      notes.note(to - 1);
      notes.begin(to);
      if (seesRows) {
        ForcedPolicies.force(connection);
      }
      return to - 1;
    }
    // After a backfill, what its version promises is to be seen, though nothing changes any more.
    int checkedFrom = noted.backfilling().isPresent() && to == from ? noted.version() : from;
    boolean checkSees = seesRows || seesRows(checkedFrom, to);
    check(connection, checkedFrom, to, checkSees);
    notes.note(to);
    return to;
  }

  private boolean seesRows(int from, int to) throws SQLException {
    boolean seesRows = false;
    for (int number = Math.min(from, to) + 1; number <= Math.max(from, to); number++) {
      seesRows |= version(number).seesRows();
    }
    return seesRows;
  }

  /** What happens after the {@code up} of each version. */
  @FunctionalInterface
  private interface AfterEach {
    void run(int number) throws SQLException;
  }

  private void change(
      Connection connection, int from, int to, boolean seesRows, AfterEach afterEach)
      throws SQLException {
    if (seesRows) {
      ForcedPolicies.lift(connection);
    }
    for (int number = from + 1; number <= to; number++) {
      String up = version(number).up();
      perform(connection, number, "up", () -> execute(connection, up));
      afterEach.run(number);
    }
    for (int number = from; number > to; number--) {
      String down =
          version(number)
              .down()
              .orElseThrow(() -> new SQLException("there is no way back: it has no down"));
      perform(connection, number, "down", () -> execute(connection, down));
    }
  }

  private void check(Connection connection, int from, int to, boolean seesRows)
      throws SQLException {
    if (to > 0 && to != from) {
      if (seesRows) {
        ForcedPolicies.lift(connection); // tables that are new
      }
      check(connection, to, version(to).checks());
    }
    if (seesRows) {
      ForcedPolicies.force(connection);
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

  /**
   * Runs the SQL of a version.
   *
   * @throws SQLException if it fails, or has ended the transaction that it runs in; the message
   *     says which it was
   */
  static void perform(Connection connection, int number, String way, Action action)
      throws SQLException {
    String transaction = text(connection, THIS_TRANSACTION);
    try {
      action.run();
      if (!text(connection, THIS_TRANSACTION).equals(transaction)) {
        throw new SQLException(
            "it has ended the transaction that it runs in: leave out COMMIT and ROLLBACK");
      }
    } catch (SQLException e) {
      throw new SQLException(
          way + " of version " + number + ": " + e.getMessage(), e.getSQLState(), e);
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
}
