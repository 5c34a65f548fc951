package dev.gatehouse.controlplane.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Services in PostgreSQL, their secrets sealed. */
final class ServiceStore {
  private static final String INSERT =
      """
      INSERT INTO service (name, document) VALUES ($1, $2)
      RETURNING name, document, version, created_at, updated_at
      """;

  private static final String UPDATE =
      """
      UPDATE service SET document = $2, version = version + 1, updated_at = now()
       WHERE name = $1
      RETURNING name, document, version, created_at, updated_at
      """;

  private static final String FIND =
      "SELECT name, document, version, created_at, updated_at FROM service WHERE name = $1";

  /** Also keeps what would name it from being written meanwhile. */
  private static final String LOCK = FIND + " FOR UPDATE";

  private static final String LIST =
      """
      SELECT name, document, version, created_at, updated_at FROM service
       WHERE name > $1
       ORDER BY name LIMIT $2
      """;

  /** Keeps them from being deleted until the transaction ends. */
  private static final String HOLD =
      "SELECT name FROM service WHERE name = ANY ($1) ORDER BY name FOR KEY SHARE";

  private static final String DELETE = "DELETE FROM service WHERE name = $1";

  private final MasterKey masterKey;

  ServiceStore(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  Service insert(SqlConnection tx, String name, JsonObject document) {
    return one(tx.preparedQuery(INSERT).execute(Tuple.of(name, sealed(name, document))).await());
  }

  Service update(SqlConnection tx, String name, JsonObject document) {
    return one(tx.preparedQuery(UPDATE).execute(Tuple.of(name, sealed(name, document))).await());
  }

  Optional<Service> find(SqlConnection connection, String name) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(name)).await()).findFirst();
  }

  Optional<Service> lock(SqlConnection tx, String name) {
    return stream(tx.preparedQuery(LOCK).execute(Tuple.of(name)).await()).findFirst();
  }

  List<Service> list(SqlConnection connection, String after, int count) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(after, count)).await()).toList();
  }

  /** Those of the names that are a service's, which stay until this transaction ends. */
  Set<String> hold(SqlConnection tx, Set<String> names) {
    Tuple values = Tuple.of(names.toArray(String[]::new));
    Iterable<Row> rows = tx.preparedQuery(HOLD).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.getString("name"))
        .collect(Collectors.toUnmodifiableSet());
  }

  void delete(SqlConnection tx, String name) {
    tx.preparedQuery(DELETE).execute(Tuple.of(name)).await();
  }

  private JsonObject sealed(String name, JsonObject document) {
    return ServiceSecrets.replaced(
        document,
        secret ->
            Base64.getEncoder()
                .encodeToString(masterKey.seal(secret.getBytes(UTF_8), contextOf(name))));
  }

  private JsonObject opened(String name, JsonObject document) {
    return ServiceSecrets.replaced(
        document,
        sealed ->
            new String(masterKey.open(Base64.getDecoder().decode(sealed), contextOf(name)), UTF_8));
  }

  /** A sealed secret cannot be put in the place of another. */
  private static String contextOf(String name) {
    return "service/" + name;
  }

  private Service one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private Stream<Service> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Service(
                row.getString("name"),
                opened(row.getString("name"), (JsonObject) row.getJson("document")),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
