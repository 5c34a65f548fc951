package dev.gatehouse.controlplane.acme;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.controlplane.acme.CertificateOrder.UnderWay;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Orders in PostgreSQL. */
final class CertificateOrderStore {
  private static final String FIND =
      """
      SELECT id, location, revision, private_key, set_at, ordered_at, failures
        FROM certificate_order WHERE tenant_id = $1 AND host = $2
      """;

  private static final String OPEN =
      """
      INSERT INTO certificate_order (id, tenant_id, host) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id, host) DO UPDATE SET tenant_id = excluded.tenant_id
      RETURNING id, location, revision, private_key, set_at, ordered_at, failures
      """;

  private static final String BEGIN =
      """
      UPDATE certificate_order
         SET location = $2, private_key = $3, set_at = $4, ordered_at = $5, revision = $6
       WHERE id = $1
      """;

  private static final String END =
      """
      UPDATE certificate_order
         SET location = NULL, private_key = NULL, set_at = NULL, revision = NULL, failures = $2
       WHERE id = $1
      """;

  private static final String DELETE =
      "DELETE FROM certificate_order WHERE tenant_id = $1 AND host = $2";

  private static final String DELETE_ALL = "DELETE FROM certificate_order WHERE tenant_id = $1";

  private static final String BEGUN_SINCE =
      "SELECT count(*) FROM certificate_order WHERE ordered_at > $1";

  /** Domains whose certificate nobody looks after, such as those of before ACME was set up. */
  private static final String NEGLECTED =
      """
      SELECT tenant_id, host FROM domain
       WHERE ownership = 'verified' AND host NOT LIKE '*%'
         AND NOT EXISTS (SELECT FROM job WHERE kind = $1 AND key = tenant_id || '/' || host)
       LIMIT $2
      """;

  /** A host whose certificate is to be looked after. */
  record Neglected(UUID tenant, String host) {
    String key() {
      return tenant + "/" + host;
    }

    JsonObject payload() {
      return new JsonObject().put("tenant", tenant.toString()).put("host", host);
    }
  }

  Optional<CertificateOrder> find(SqlConnection connection, UUID tenant, String host) {
    for (Row row : connection.preparedQuery(FIND).execute(Tuple.of(tenant, host)).await()) {
      return Optional.of(order(row));
    }
    return Optional.empty();
  }

  /** The one of the host, which is made if there is none. */
  CertificateOrder open(SqlConnection tx, UUID tenant, String host) {
    Tuple values = Tuple.of(UuidCreator.getTimeOrderedEpoch(), tenant, host);
    return order(tx.preparedQuery(OPEN).execute(values).await().iterator().next());
  }

  void begin(SqlConnection tx, UUID id, UnderWay order) {
    tx.preparedQuery(BEGIN)
        .execute(
            Tuple.of(
                id,
                order.location(),
                order.key().sealed(),
                order.key().setAt().atOffset(ZoneOffset.UTC),
                order.since().atOffset(ZoneOffset.UTC),
                order.revision()))
        .await();
  }

  /** Has no order under way any more. */
  void end(SqlConnection tx, UUID id, int failures) {
    tx.preparedQuery(END).execute(Tuple.of(id, failures)).await();
  }

  void delete(SqlConnection tx, UUID tenant, String host) {
    tx.preparedQuery(DELETE).execute(Tuple.of(tenant, host)).await();
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
  }

  long begunSince(SqlConnection connection, Instant time) {
    return connection
        .preparedQuery(BEGUN_SINCE)
        .execute(Tuple.of(time.atOffset(ZoneOffset.UTC)))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  List<Neglected> neglected(SqlConnection connection, String kind, int atMost) {
    Iterable<Row> rows =
        connection.preparedQuery(NEGLECTED).execute(Tuple.of(kind, atMost)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new Neglected(row.getUUID("tenant_id"), row.getString("host")))
        .toList();
  }

  private static CertificateOrder order(Row row) {
    Optional<UnderWay> underWay =
        Optional.ofNullable(row.getString("location"))
            .map(location ->
                new UnderWay(
                    location,
                    new SealedSecret(
                        row.getBuffer("private_key"), row.getOffsetDateTime("set_at").toInstant()),
                    row.getLong("revision"),
                    row.getOffsetDateTime("ordered_at").toInstant()));
    return new CertificateOrder(row.getUUID("id"), underWay, row.getInteger("failures"));
  }
}
