package dev.gatehouse.controlplane.isolation;

import static dev.gatehouse.controlplane.database.Statements.execute;
import static dev.gatehouse.controlplane.database.Statements.literal;
import static dev.gatehouse.controlplane.database.Statements.quoted;

import dev.gatehouse.controlplane.database.ScramVerifier;
import dev.gatehouse.tenancy.TenancySchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The PostgreSQL of a partition, as the role that sets it up. All of it may be done again, after a
 * failure or by another instance at the same time, and leads to the same. Blocks; one thread.
 */
final class PartitionServer implements AutoCloseable {
  /** One at a time changes what belongs to the whole database. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('gatehouse.partition'))";

  /** Of the session, as a place is made in several transactions, and on other connections too. */
  private static final String LOCK_OF_TENANT =
      "SELECT pg_advisory_lock(hashtextextended('gatehouse.placement/' || ?, 0))";

  private static final int OLDEST = 15;
  private static final int NEWEST = 18;

  private final PartitionAddress address;
  private final PartitionNames names;
  private final Connection connection;

  private PartitionServer(PartitionAddress address, PartitionNames names, Connection connection) {
    this.address = address;
    this.names = names;
    this.connection = connection;
  }

  /**
   * Connects; gives up after some seconds.
   *
   * @throws SQLException if it does not answer, or refuses
   */
  static PartitionServer connect(PartitionAddress address, PartitionNames names)
      throws SQLException {
    return new PartitionServer(address, names, address.open());
  }

  /**
   * Makes all that tenants need: roles, the schema {@code tenancy} and one for those who share; and
   * puts in these keys, and no others.
   *
   * @param appPassword of the role with which applications serve tenants who share
   * @param keys secrets by their ids
   * @return the server's version
   * @throws SQLException if it refuses, or is of a version that is not supported
   */
  String prepare(String appPassword, Map<String, byte[]> keys) throws SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    if (major < OLDEST || major > NEWEST) {
      throw new SQLException(
          "PostgreSQL " + OLDEST + " to " + NEWEST + " is needed, found " + major);
    }
    inTransaction(() -> {
      execute(connection, LOCK);
      makeRoles(appPassword);
      makeSchemas();
    });
    inTransaction(() -> {
      execute(connection, LOCK);
      execute(connection, "SET LOCAL ROLE " + quoted(names.tenancyRole()));
      keepKeys(keys);
    });
    return connection.getMetaData().getDatabaseProductVersion();
  }

  private void makeRoles(String appPassword) throws SQLException {
    makeRole(names.tenancyRole(), "NOLOGIN");
    makeRole(names.ownerRole(), "NOLOGIN");
    makeRole(
        names.applicationRole(),
        "LOGIN NOINHERIT PASSWORD " + literal(ScramVerifier.of(appPassword)));
    join(names.tenancyRole());
    join(names.ownerRole());
    new TenancySchema(connection).grantParameter(names.tenancyRole());
  }

  /**
   * Makes who is connected a member: who is no superuser can only act as a role, and end its
   * sessions, as a member. From PostgreSQL 16 on, who makes a role is one, but may do neither.
   */
  private void join(String role) throws SQLException {
    String isJoined =
        connection.getMetaData().getDatabaseMajorVersion() < 16
            ? "SELECT pg_has_role(current_user, ?, 'USAGE')"
            : """
            SELECT pg_has_role(current_user, name, 'SET') AND pg_has_role(current_user, name, 'USAGE')
              FROM (SELECT ?) AS role (name)
            """;
    if (!isOne(isJoined, role)) {
      execute(connection, "GRANT " + quoted(role) + " TO " + quoted(address.user()));
    }
  }

  private void makeSchemas() throws SQLException {
    String database = quoted(address.database());
    execute(connection, "ALTER DATABASE " + database + " OWNER TO " + quoted(names.tenancyRole()));
    execute(connection, "SET LOCAL ROLE " + quoted(names.tenancyRole()));
    execute(
        connection, "GRANT CREATE ON DATABASE " + database + " TO " + quoted(names.ownerRole()));
    TenancySchema tenancy = new TenancySchema(connection);
    boolean _ = tenancy.install();
    tenancy.admit(names.applicationRole());
    tenancy.admitOwner(names.ownerRole());
    // For the roles of tenants with schemas of their own: an entry for each would be read by every
    // statement of all. Without a token nothing comes of it.
    execute(connection, "GRANT USAGE ON SCHEMA tenancy TO PUBLIC");
    execute(
        connection,
        "GRANT EXECUTE ON FUNCTION tenancy.enter(text), tenancy.current_tenant() TO PUBLIC");
    execute(connection, "RESET ROLE");
    makeSchema(connection, PartitionNames.SCHEMA, names.applicationRole());
    setSearchPath(address.database(), names.applicationRole(), PartitionNames.SCHEMA);
  }

  /** Those that are there are left alone, so that plans which know them stay. */
  private void keepKeys(Map<String, byte[]> keys) throws SQLException {
    TenancySchema tenancy = new TenancySchema(connection);
    Set<String> there = tenancy.tokenKeys();
    for (Map.Entry<String, byte[]> key : keys.entrySet()) {
      if (!there.contains(key.getKey())) {
        tenancy.putTokenKey(key.getKey(), key.getValue(), names.partition());
      }
    }
    for (String id : there) {
      if (!keys.containsKey(id)) {
        boolean _ = tenancy.dropTokenKey(id);
      }
    }
  }

  /**
   * Waits until nobody else makes or takes away what this tenant has here, and keeps others waiting
   * until this is closed.
   */
  void reserve(UUID tenant) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK_OF_TENANT)) {
      lock.setString(1, tenant.toString());
      lock.execute();
    }
    connection.commit();
  }

  /** Makes a schema of one tenant's own, and its role. */
  void makeSchemaOf(UUID tenant, String password, int connectionLimit) throws SQLException {
    inTransaction(() -> {
      makeTenantRole(tenant, password, connectionLimit);
      makeSchema(connection, names.placeOf(tenant), names.roleOf(tenant));
      setSearchPath(address.database(), names.roleOf(tenant), names.placeOf(tenant));
    });
  }

  /** Makes a database of one tenant's own, and its role. */
  void makeDatabaseOf(UUID tenant, String password, int connectionLimit) throws SQLException {
    String database = names.placeOf(tenant);
    inTransaction(() -> makeTenantRole(tenant, password, connectionLimit));
    if (!isOne("SELECT EXISTS (SELECT FROM pg_database WHERE datname = ?)", database)) {
      outOfTransaction(
          "CREATE DATABASE " + quoted(database) + " OWNER " + quoted(names.ownerRole()));
    }
    String role = names.roleOf(tenant);
    try (PartitionServer own = connect(address.in(database), names)) {
      own.inTransaction(() -> {
        execute(own.connection, "SET LOCAL ROLE " + quoted(names.ownerRole()));
        execute(own.connection, "REVOKE ALL ON DATABASE " + quoted(database) + " FROM PUBLIC");
        execute(
            own.connection,
            "GRANT CONNECT ON DATABASE " + quoted(database) + " TO " + quoted(role));
        new TenancySchema(own.connection).installFor(tenant);
        execute(own.connection, "RESET ROLE");
        makeSchema(own.connection, PartitionNames.SCHEMA, role);
      });
    }
    inTransaction(() -> setSearchPath(database, role, PartitionNames.SCHEMA));
  }

  /** Drops the schema of a tenant with all that is in it, and its role. */
  void dropSchemaOf(UUID tenant) throws SQLException {
    inTransaction(() -> {
      endSessionsOf(tenant);
      execute(connection, "DROP SCHEMA IF EXISTS " + quoted(names.placeOf(tenant)) + " CASCADE");
      dropRoleOf(tenant);
    });
  }

  /** Drops the database of a tenant with all that is in it, and its role. */
  void dropDatabaseOf(UUID tenant) throws SQLException {
    inTransaction(() -> endSessionsOf(tenant));
    outOfTransaction("DROP DATABASE IF EXISTS " + quoted(names.placeOf(tenant)) + " WITH (FORCE)");
    inTransaction(() -> dropRoleOf(tenant));
  }

  /**
   * Deletes the rows of a tenant from the protected tables of those who share, some in each
   * transaction.
   *
   * @param token for the tenant
   */
  void deleteRowsOf(String token) throws SQLException {
    new SharedRows(connection, names).delete(token);
  }

  private void makeTenantRole(UUID tenant, String password, int connectionLimit)
      throws SQLException {
    makeRole(
        names.roleOf(tenant),
        "LOGIN NOINHERIT CONNECTION LIMIT "
            + connectionLimit
            + " PASSWORD "
            + literal(ScramVerifier.of(password)));
  }

  /** It may do nothing but what it is granted, whatever it was before. */
  private void makeRole(String name, String may) throws SQLException {
    String verb = isRole(name) ? "ALTER" : "CREATE";
    execute(connection, verb + " ROLE " + quoted(name) + " NOCREATEDB NOCREATEROLE " + may);
  }

  /** A schema whose tables belong to the owner; one role may read and write them. */
  private void makeSchema(Connection where, String schema, String role) throws SQLException {
    execute(where, "SET LOCAL ROLE " + quoted(names.ownerRole()));
    execute(where, "CREATE SCHEMA IF NOT EXISTS " + quoted(schema));
    execute(where, "GRANT USAGE ON SCHEMA " + quoted(schema) + " TO " + quoted(role));
    String byDefault = "ALTER DEFAULT PRIVILEGES IN SCHEMA " + quoted(schema) + " GRANT ";
    String to = " TO " + quoted(role);
    execute(where, byDefault + "SELECT, INSERT, UPDATE, DELETE ON TABLES" + to);
    execute(where, byDefault + "USAGE ON SEQUENCES" + to);
    execute(where, "RESET ROLE");
  }

  private void setSearchPath(String database, String role, String schema) throws SQLException {
    execute(
        connection,
        "ALTER ROLE "
            + quoted(role)
            + " IN DATABASE "
            + quoted(database)
            + " SET search_path = "
            + quoted(schema));
  }

  private void endSessionsOf(UUID tenant) throws SQLException {
    String role = names.roleOf(tenant);
    if (!isRole(role)) {
      return;
    }
    execute(connection, "ALTER ROLE " + quoted(role) + " NOLOGIN");
    join(role);
    try (PreparedStatement end =
        connection.prepareStatement(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?")) {
      end.setString(1, role);
      end.execute();
    }
  }

  private void dropRoleOf(UUID tenant) throws SQLException {
    execute(connection, "DROP ROLE IF EXISTS " + quoted(names.roleOf(tenant)));
  }

  private void outOfTransaction(String sql) throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    try {
      execute(connection, sql);
    } finally {
      connection.setAutoCommit(false);
    }
  }

  /** Something that may fail. */
  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private void inTransaction(Step step) throws SQLException {
    connection.rollback();
    step.run();
    connection.commit();
  }

  private boolean isRole(String name) throws SQLException {
    return isOne("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?)", name);
  }

  private boolean isOne(String query, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
