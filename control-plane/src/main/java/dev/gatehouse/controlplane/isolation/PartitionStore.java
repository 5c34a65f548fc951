package dev.gatehouse.controlplane.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Partitions in PostgreSQL, their passwords sealed. */
final class PartitionStore {
  private static final String SELECT =
      """
      SELECT p.name, p.document, p.prepared_at, p.server_version, p.version, p.created_at,
             p.updated_at,
             l.tenants, l.placed
        FROM partition p,
             LATERAL (SELECT count(*) AS tenants, count(*) FILTER (WHERE state = 'placed') AS placed
                        FROM placement WHERE partition = p.name) l
      """;

  private static final String INSERT =
      """
      INSERT INTO partition (name, document, admin_password, app_password)
      VALUES ($1, $2, $3, $4)
      """;

  private static final String UPDATE =
      """
      UPDATE partition SET document = $2, version = version + 1, updated_at = now()
       WHERE name = $1
      """;

  private static final String SET_PASSWORD =
      "UPDATE partition SET admin_password = $2 WHERE name = $1";

  private static final String PREPARED =
      """
      UPDATE partition SET prepared_at = coalesce(prepared_at, now()), server_version = $2
       WHERE name = $1
      """;

  private static final String FIND = SELECT + " WHERE p.name = $1";
  private static final String LOCK = FIND + " FOR UPDATE OF p";
  private static final String LIST = SELECT + " WHERE p.name > $1 ORDER BY p.name LIMIT $2";
  private static final String PASSWORDS =
      "SELECT admin_password, app_password FROM partition WHERE name = $1";
  private static final String ANY = "SELECT EXISTS (SELECT FROM partition) AS any";
  private static final String COUNT = "SELECT count(*) AS partitions FROM partition";
  private static final String DELETE = "DELETE FROM partition WHERE name = $1";

  private final MasterKey masterKey;

  PartitionStore(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  /**
   * What a partition's roles log in with.
   *
   * @param admin of the role that sets it up
   * @param application of the role with which applications serve tenants who share
   */
  record Passwords(String admin, String application) {
    /** Without them. */
    @Override
    public String toString() {
      return "Passwords[…]";
    }
  }

  Partition insert(SqlConnection tx, String name, JsonObject document, Passwords passwords) {
    Tuple values =
        Tuple.of(
            name,
            document,
            sealed("admin_password", name, passwords.admin),
            sealed("app_password", name, passwords.application));
    tx.preparedQuery(INSERT).execute(values).await();
    return find(tx, name).orElseThrow();
  }

  Partition update(SqlConnection tx, String name, JsonObject document) {
    tx.preparedQuery(UPDATE).execute(Tuple.of(name, document)).await();
    return find(tx, name).orElseThrow();
  }

  void setAdminPassword(SqlConnection tx, String name, String password) {
    Tuple values = Tuple.of(name, sealed("admin_password", name, password));
    tx.preparedQuery(SET_PASSWORD).execute(values).await();
  }

  void markPrepared(SqlConnection tx, String name, String serverVersion) {
    tx.preparedQuery(PREPARED).execute(Tuple.of(name, serverVersion)).await();
  }

  Optional<Partition> find(SqlConnection connection, String name) {
    return stream(connection, FIND, Tuple.of(name)).findFirst();
  }

  Optional<Partition> lock(SqlConnection tx, String name) {
    return stream(tx, LOCK, Tuple.of(name)).findFirst();
  }

  List<Partition> list(SqlConnection connection, String after, int count) {
    return stream(connection, LIST, Tuple.of(after, count)).toList();
  }

  long count(SqlConnection connection) {
    return connection.query(COUNT).execute().await().iterator().next().getLong("partitions");
  }

  boolean any(SqlConnection connection) {
    return connection.query(ANY).execute().await().iterator().next().getBoolean("any");
  }

  Passwords passwords(SqlConnection connection, String name) {
    Row row = connection.preparedQuery(PASSWORDS).execute(Tuple.of(name)).await().iterator().next();
    return new Passwords(
        opened("admin_password", name, row.getBuffer("admin_password")),
        opened("app_password", name, row.getBuffer("app_password")));
  }

  void delete(SqlConnection tx, String name) {
    tx.preparedQuery(DELETE).execute(Tuple.of(name)).await();
  }

  private Buffer sealed(String column, String name, String password) {
    return Buffer.buffer(masterKey.seal(password.getBytes(UTF_8), contextOf(column, name)));
  }

  private String opened(String column, String name, Buffer sealed) {
    return new String(masterKey.open(sealed.getBytes(), contextOf(column, name)), UTF_8);
  }

  private static String contextOf(String column, String name) {
    return "partition." + column + "/" + name;
  }

  private static Stream<Partition> stream(SqlConnection connection, String sql, Tuple values) {
    Iterable<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Partition(
                row.getString("name"),
                (JsonObject) row.getJson("document"),
                time(row, "prepared_at"),
                Optional.ofNullable(row.getString("server_version")),
                row.getLong("tenants"),
                row.getLong("placed"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.get(OffsetDateTime.class, column))
        .map(OffsetDateTime::toInstant);
  }
}
