package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Placements, and the policy by which they are chosen, in PostgreSQL. */
final class PlacementStore {
  private static final String COLUMNS =
      "tenant_id, partition, strategy, state, password, set_at, created_at, placed_at";

  private static final String INSERT =
      """
      INSERT INTO placement (tenant_id, partition, strategy, state, password, set_at)
      VALUES ($1, $2, $3, 'placing', $4, $5)
      """;

  private static final String FIND = "SELECT " + COLUMNS + " FROM placement WHERE tenant_id = $1";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + """
           FROM placement
           WHERE partition = $1 AND ($2::uuid IS NULL OR tenant_id > $2)
           ORDER BY tenant_id LIMIT $3
          """;

  private static final String NEXT_WHO_SHARES =
      """
      SELECT tenant_id FROM placement
       WHERE partition = $1 AND strategy = 'shared' AND state <> 'removing'
         AND ($2::uuid IS NULL OR tenant_id > $2)
       ORDER BY tenant_id LIMIT 1
      """;

  private static final String PLACED =
      """
      UPDATE placement SET state = 'placed', placed_at = now()
       WHERE tenant_id = $1 AND state = 'placing'
      """;

  private static final String REMOVING =
      "UPDATE placement SET state = 'removing' WHERE tenant_id = $1";

  private static final String DELETE = "DELETE FROM placement WHERE tenant_id = $1";

  private static final String POLICY = "SELECT document, version FROM placement_policy";

  private static final String SET_POLICY =
      """
      UPDATE placement_policy SET document = $1, version = version + 1, updated_at = now()
      RETURNING document, version
      """;

  /** The policy, and how often it was changed. */
  record Policy(JsonObject document, long version) {}

  void insert(
      SqlConnection tx,
      UUID tenant,
      String partition,
      IsolationStrategy strategy,
      Optional<SealedSecret> password) {
    Tuple values = Tuple.of(tenant, partition, strategy.wireName());
    values.addValue(password.map(SealedSecret::sealed).orElse(null));
    values.addValue(password.map(secret -> secret.setAt().atOffset(ZoneOffset.UTC)).orElse(null));
    tx.preparedQuery(INSERT).execute(values).await();
  }

  Optional<Placement> find(SqlConnection connection, UUID tenant) {
    return stream(connection, FIND, Tuple.of(tenant)).findFirst();
  }

  List<Placement> list(
      SqlConnection connection, String partition, Optional<UUID> after, int count) {
    return stream(connection, LIST, Tuple.of(partition, after.orElse(null), count)).toList();
  }

  Optional<UUID> nextWhoShares(SqlConnection connection, String partition, Optional<UUID> after) {
    Tuple values = Tuple.of(partition, after.orElse(null));
    for (Row row : connection.preparedQuery(NEXT_WHO_SHARES).execute(values).await()) {
      return Optional.of(row.getUUID("tenant_id"));
    }
    return Optional.empty();
  }

  void markPlaced(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(PLACED).execute(Tuple.of(tenant)).await();
  }

  void markRemoving(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(REMOVING).execute(Tuple.of(tenant)).await();
  }

  void delete(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE).execute(Tuple.of(tenant)).await();
  }

  Policy policy(SqlConnection connection) {
    return policy(connection.query(POLICY).execute().await());
  }

  Policy setPolicy(SqlConnection tx, JsonObject document) {
    return policy(tx.preparedQuery(SET_POLICY).execute(Tuple.of(document)).await());
  }

  private static Policy policy(Iterable<Row> rows) {
    Row row = rows.iterator().next();
    return new Policy((JsonObject) row.getJson("document"), row.getLong("version"));
  }

  private static Stream<Placement> stream(SqlConnection connection, String sql, Tuple values) {
    Iterable<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Placement(
                row.getUUID("tenant_id"),
                row.getString("partition"),
                IsolationStrategy.fromWireName(row.getString("strategy")),
                Placement.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                secret(row),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.get(OffsetDateTime.class, "placed_at"))
                    .map(OffsetDateTime::toInstant)));
  }

  private static Optional<SealedSecret> secret(Row row) {
    @Nullable OffsetDateTime setAt = row.get(OffsetDateTime.class, "set_at");
    return Optional.ofNullable(row.getBuffer("password"))
        .map(sealed ->
            new SealedSecret(sealed, Optional.ofNullable(setAt).orElseThrow().toInstant()));
  }
}
