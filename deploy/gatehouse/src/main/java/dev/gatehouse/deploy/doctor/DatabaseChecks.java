package dev.gatehouse.deploy.doctor;

import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import dev.gatehouse.controlplane.database.SchemaState;
import dev.gatehouse.controlplane.key.MasterKeyCheck;
import dev.gatehouse.controlplane.secret.DecapsulationKey;
import dev.gatehouse.controlplane.secret.KeySources;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The control plane's PostgreSQL. */
final class DatabaseChecks {
  private static final int OLDEST = 15;
  private static final String NO_SUCH_TABLE = "42P01";

  private final ControlPlaneConfig config;
  private final InstantSource clock;
  private final DatabaseUrl url;
  private final DatabaseUrl owner;

  DatabaseChecks(ControlPlaneConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.url = DatabaseUrl.parse(config.database().url());
    this.owner = config.database().ownerUrl().map(DatabaseUrl::parse).orElse(url);
  }

  Group group() {
    List<Check> others = new ArrayList<>();
    if (!owner.equals(url)) {
      others.add(Check.of("login", () -> login(url, "database.url")));
    }
    others.add(Check.of("version", this::version));
    others.add(Check.of("schema", this::schema));
    others.add(Check.of("clock", this::clock));
    others.add(Check.of("master key", this::masterKey));
    String setting = owner.equals(url) ? "database.url" : "database.ownerUrl";
    return Group.behind(
        "Database " + owner.host() + ":" + owner.port() + "/" + owner.database(),
        Check.of("login", () -> login(owner, setting)),
        others);
  }

  private static Finding login(DatabaseUrl as, String setting) {
    try (Connection _ = open(as)) {
      return Finding.ok("The user " + as.user() + " can log in.");
    } catch (SQLException e) {
      return refused(as, setting, e);
    }
  }

  /** The states are PostgreSQL's (docs, appendix A). */
  private static Finding refused(DatabaseUrl as, String setting, SQLException e) {
    String in = setting + " of the control plane's configuration";
    return switch (String.valueOf(e.getSQLState())) {
      case "28P01" ->
          Finding.failed(
              "The password of the user " + as.user() + " is wrong, or there is no such user.",
              "Correct it in " + in + ", or set it: ALTER ROLE … PASSWORD … in psql.");
      case "28000" ->
          Finding.failed(
              "The user " + as.user() + " may not log in from here.",
              "Let it in: pg_hba.conf on the server, LOGIN of the role; or correct " + in + ".");
      case "3D000" ->
          Finding.failed(
              "There is no database " + as.database() + ".",
              "Make it (CREATE DATABASE in psql), or correct " + in + ".");
      case "53300" ->
          Finding.failed(
              "It has no connection left.",
              "Raise max_connections of the server, or lower database.poolSize of the control"
                  + " planes.");
      case "57P03" ->
          Finding.failed(
              "It is starting or stopping, or recovers.",
              "Wait, and look into the log of PostgreSQL.");
      default ->
          Finding.failed(
              "It cannot be reached: " + Reasons.of(e) + ".",
              "Start PostgreSQL there, or correct " + in + "; then look at the network between.");
    };
  }

  private Finding version() throws SQLException {
    try (Connection connection = open(owner)) {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      String found = "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
      return major >= OLDEST
          ? Finding.ok(found)
          : Finding.failed(found + " is too old.", "Upgrade it to 15 or newer (pg_upgrade).");
    }
  }

  private Finding schema() {
    SchemaState state = Migrations.look(owner);
    if (!state.failed().isEmpty()) {
      return Finding.failed(
          "A change of the schema failed half-way: " + String.join(", ", state.failed()) + ".",
          "The log of the control plane that tried it says why. Restore the backup from before the"
              + " upgrade, or have the change finished by hand.");
    } else if (!state.altered().isEmpty()) {
      return Finding.failed(
          "It was made by another build, whose changes are not those of this one: "
              + String.join(", ", state.altered())
              + ".",
          "Run the release that made it: this one would not start.");
    } else if (!state.unknown().isEmpty()) {
      return Finding.failed(
          "It is newer than this program: " + state.version() + ".",
          "A newer control plane was here. Run that release, and its doctor.");
    } else if (!state.pending().isEmpty()) {
      String missing = state.pending().size() + " changes are missing, the newest is ";
      return Finding.warning(
          state.version().isEmpty()
              ? "It is empty."
              : "It is at " + state.version() + ": " + missing + state.pending().getLast() + ".",
          "Start a control plane of this release: it makes them. Make a backup first.");
    }
    return Finding.ok("It is at the newest version, " + state.version() + ".");
  }

  private Finding clock() throws SQLException {
    try (Connection connection = open(owner);
        Statement statement = connection.createStatement()) {
      Instant asked = clock.instant();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")) {
        boolean _ = row.next();
        Instant theirs = Instant.EPOCH.plusNanos(Math.multiplyExact(row.getLong(1), 1000L));
        return Skew.of(asked, theirs, clock.instant(), Duration.ZERO);
      }
    }
  }

  /** The key itself is not shown, and nothing is written. */
  private Finding masterKey() throws SQLException {
    try (Connection connection = open(owner)) {
      MasterKeyCheck.look(masterKeyOf(config), connection);
      return Finding.ok("It opens what the database was sealed with.");
    } catch (IllegalStateException e) {
      return Finding.failed(
          "It does not fit: " + e.getMessage() + ".",
          "Give masterKey the value from before, from where it is kept safe (docs/keys.md). Do not"
              + " make a new one: what was sealed cannot be read without the old one.");
    } catch (SQLException e) {
      if (NO_SUCH_TABLE.equals(e.getSQLState())) {
        return Finding.skipped("The database has no tables yet that it could be tried on.");
      }
      throw e;
    }
  }

  private static MasterKey masterKeyOf(ControlPlaneConfig config) {
    if (config.keyService().isEmpty()) {
      return MasterKey.of(
          config.masterKey(),
          config.formerMasterKeys(),
          new KeySources(Optional.empty(), config.decapsulationKey().map(DecapsulationKey::parse)));
    }
    Vertx vertx = Vertx.vertx();
    try {
      return config.openMasterKey(vertx);
    } finally {
      var _ = vertx.close();
    }
  }

  private static Connection open(DatabaseUrl as) throws SQLException {
    Properties options = new Properties();
    options.setProperty("user", as.user());
    options.setProperty("password", as.password());
    options.setProperty("ApplicationName", "gatehouse doctor");
    options.setProperty("connectTimeout", "3");
    options.setProperty("loginTimeout", "4");
    options.setProperty("socketTimeout", "4");
    return DriverManager.getConnection(as.jdbcUrl(), options);
  }
}
