package dev.gatehouse.controlplane.customerkey;

import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Customers' keys in PostgreSQL. Blocks. */
final class CustomerKeyStore {
  private static final String FIND =
      """
      SELECT c.tenant_id, c.id, c.document, c.token, c.token_set_at, c.wrapped, c.reason, c.version,
             c.created_at, c.updated_at, t.key_withheld_at,
             (extract(epoch FROM now() - c.answered_at) * 1000)::bigint AS unanswered
        FROM customer_key c JOIN tenant t ON t.id = c.tenant_id
      """;

  private static final String BY_TENANT = FIND + " WHERE c.tenant_id = $1";

  private static final String PAGE =
      FIND
          + " WHERE t.status <> 'deleted' AND ($1::uuid IS NULL OR c.tenant_id > $1)"
          + " ORDER BY c.tenant_id LIMIT $2";

  private static final String PUT =
      """
      INSERT INTO customer_key
        (tenant_id, id, document, token, token_set_at, wrapped, answered_at)
      VALUES ($1, $2, $3, $4, $5, $6, now())
      ON CONFLICT (tenant_id) DO UPDATE
         SET id = excluded.id, document = excluded.document, token = excluded.token,
             token_set_at = excluded.token_set_at, wrapped = excluded.wrapped,
             answered_at = now(), reason = NULL, version = customer_key.version + 1,
             updated_at = now()
      """;

  private static final String ANSWERED =
      "UPDATE customer_key SET answered_at = now() WHERE tenant_id = $1 AND id = $2";

  private static final String REASON =
      """
      UPDATE customer_key
         SET reason = $2, version = version + 1,
             answered_at = CASE WHEN $2::text IS NULL THEN now() ELSE answered_at END
       WHERE tenant_id = $1
      """;

  private static final String DELETE = "DELETE FROM customer_key WHERE tenant_id = $1";

  Optional<CustomerKey> find(SqlConnection connection, UUID tenant) {
    return rows(connection.preparedQuery(BY_TENANT).execute(Tuple.of(tenant)).await()).findFirst();
  }

  /** Some, in the order of their tenants. */
  List<CustomerKey> after(SqlConnection connection, Optional<UUID> tenant, int count) {
    Tuple values = Tuple.of(tenant.orElse(null), count);
    return rows(connection.preparedQuery(PAGE).execute(values).await()).toList();
  }

  /** Writes it, whether or not there is one. */
  CustomerKey put(
      SqlConnection tx,
      UUID tenant,
      UUID id,
      JsonObject document,
      SealedSecret token,
      String wrapped) {
    OffsetDateTime setAt = token.setAt().atOffset(ZoneOffset.UTC);
    Tuple values = Tuple.of(tenant, id, document, token.sealed(), setAt, wrapped);
    tx.preparedQuery(PUT).execute(values).await();
    return find(tx, tenant).orElseThrow();
  }

  /** Notes that an instance was given the key just now. */
  void answered(SqlConnection connection, UUID tenant, UUID id) {
    connection.preparedQuery(ANSWERED).execute(Tuple.of(tenant, id)).await();
  }

  /** Says why it is withheld; empty that it is not. */
  void putReason(SqlConnection tx, UUID tenant, Optional<String> reason) {
    tx.preparedQuery(REASON).execute(Tuple.of(tenant, reason.orElse(null))).await();
  }

  void delete(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE).execute(Tuple.of(tenant)).await();
  }

  private static Stream<CustomerKey> rows(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new CustomerKey(
                row.getUUID("tenant_id"),
                row.getUUID("id"),
                (JsonObject) row.getJson("document"),
                new SealedSecret(
                    row.getBuffer("token"), row.getOffsetDateTime("token_set_at").toInstant()),
                row.getString("wrapped"),
                Duration.ofMillis(row.getLong("unanswered")),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getOffsetDateTime("key_withheld_at"))
                    .map(OffsetDateTime::toInstant),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
