package dev.gatehouse.tenancy;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A database with the schema, and an application in it: its tables belong to one role, and another
 * one, without a right too many, works with them. Each of the two tenants has three notes.
 */
final class Scene {
  static final String AUDIENCE = "eu-1";
  static final UUID ACME = UUID.fromString("0197c0de-0000-7000-8000-00000000000a");
  static final UUID GLOBEX = UUID.fromString("0197c0de-0000-7000-8000-00000000000b");

  private static final Duration SOON = Duration.ofMinutes(5);
  private static final Map<String, Scene> KNOWN = new ConcurrentHashMap<>();

  final Postgres postgres;
  final Keeping keeping;
  final Connection superuser;
  final Connection owner;
  final TenancySchema schema;
  final DatabaseTokenKey key = new DatabaseTokenKey("k0000001", secret(1), AUDIENCE);
  private final String jdbcUrl;
  private final String application;

  private Scene(Postgres postgres, Keeping keeping) throws SQLException {
    this.postgres = postgres;
    this.keeping = keeping;
    URI server = URI.create(postgres.url());
    String[] login = server.getUserInfo().split(":", 2);
    String suffix = UUID.randomUUID().toString().substring(0, 8);
    String database = "notes_" + suffix;
    String anywhere = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/";
    this.jdbcUrl = anywhere + database;
    this.application = "app_" + suffix;
    try (Connection first =
        DriverManager.getConnection(anywhere + "postgres", login[0], login[1])) {
      execute(
          first,
          "CREATE ROLE tenancy_%s NOLOGIN".formatted(suffix),
          "CREATE ROLE owner_%s LOGIN PASSWORD 'owner'".formatted(suffix),
          "CREATE ROLE %s LOGIN PASSWORD 'app'".formatted(application),
          "CREATE DATABASE %s OWNER tenancy_%s".formatted(database, suffix));
    }
    superuser = open(login[0], login[1]);
    Connection tenancy = open(login[0], login[1]);
    schema = new TenancySchema(tenancy);
    if (keeping == Keeping.PARAMETER) {
      grantParameter(tenancy, "tenancy_" + suffix);
    }
    execute(tenancy, "SET ROLE tenancy_" + suffix);
    schema.install();
    schema.putTokenKey(key.id(), secret(1), AUDIENCE);
    execute(
        tenancy,
        "SELECT tenancy.admit('%s')".formatted(application),
        "SELECT tenancy.admit_owner('owner_%s')".formatted(suffix));
    execute(superuser, "CREATE SCHEMA notes AUTHORIZATION owner_" + suffix);
    owner = open("owner_" + suffix, "owner");
    execute(
        owner,
        "CREATE TABLE notes.note (tenant_id uuid, id int, text text, PRIMARY KEY (tenant_id, id))",
        "SELECT tenancy.protect('notes.note')",
        "GRANT USAGE ON SCHEMA notes TO " + application,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON notes.note TO " + application);
    fill(ACME, "acme");
    fill(GLOBEX, "globex");
  }

  /** One of each kind on each release. */
  static Stream<Scene> all() {
    return Arrays.stream(Postgres.values()).flatMap(Scene::on);
  }

  /** Those on the oldest and the newest release. */
  static Stream<Scene> ofOldestAndNewest() {
    return Stream.of(Postgres.V15, Postgres.V18).flatMap(Scene::on);
  }

  private static Stream<Scene> on(Postgres postgres) {
    return Arrays.stream(Keeping.values()).map(keeping -> of(postgres, keeping));
  }

  /** It lives as long as its server. */
  static Scene of(Postgres postgres, Keeping keeping) {
    return KNOWN.computeIfAbsent(
        postgres + " " + keeping,
        name -> {
          try {
            return new Scene(postgres, keeping);
          } catch (SQLException e) {
            throw new IllegalStateException("no scene on " + name, e);
          }
        });
  }

  @Override
  public String toString() {
    return postgres + " " + keeping;
  }

  private void fill(UUID tenant, String text) throws SQLException {
    try (Connection app = app()) {
      app.setAutoCommit(false);
      enter(app, tenant);
      execute(
          app,
          "INSERT INTO notes.note (id, text) SELECT i, '%s ' || i FROM generate_series(1, 3) i"
              .formatted(text));
      app.commit();
    }
  }

  /** As a superuser, in a transaction of its own. */
  static void grantParameter(Connection superuser, String owner) throws SQLException {
    superuser.setAutoCommit(false);
    new TenancySchema(superuser).grantParameter(owner);
    superuser.commit();
    superuser.setAutoCommit(true);
  }

  static byte[] secret(int number) {
    byte[] secret = new byte[DatabaseTokenKey.LENGTH];
    secret[0] = (byte) number;
    return secret;
  }

  String application() {
    return application;
  }

  String jdbcUrl() {
    return jdbcUrl;
  }

  /** A new connection of the application's role. */
  Connection app() throws SQLException {
    return open(application, "app");
  }

  /** The same, with options for the server's process. */
  Connection app(String options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", application);
    properties.setProperty("password", "app");
    properties.setProperty("options", options);
    return DriverManager.getConnection(jdbcUrl, properties);
  }

  private Connection open(String user, String password) throws SQLException {
    return DriverManager.getConnection(jdbcUrl, user, password);
  }

  String token(UUID tenant) {
    return key.mint(tenant, Instant.now().plus(SOON));
  }

  void enter(Connection connection, UUID tenant) throws SQLException {
    query(connection, "SELECT tenancy.enter('" + token(tenant) + "')");
  }

  /** A connection in a transaction of a tenant. */
  Connection inside(UUID tenant) throws SQLException {
    Connection app = app();
    app.setAutoCommit(false);
    enter(app, tenant);
    return app;
  }

  static void execute(Connection connection, String... commands) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  /** The first column of all rows, as text. */
  static List<String> query(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    }
  }
}
