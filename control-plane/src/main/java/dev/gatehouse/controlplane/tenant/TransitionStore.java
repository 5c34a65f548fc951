package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.tenant.TenantStatus;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The history of tenants in PostgreSQL. */
final class TransitionStore {
  private static final String INSERT =
      """
      INSERT INTO tenant_transition (tenant_id, from_status, to_status, reason, actor)
      VALUES ($1, $2, $3, $4, $5)
      """;

  private static final String LIST =
      """
      SELECT id, from_status, to_status, reason, actor, at FROM tenant_transition
       WHERE tenant_id = $1 AND id > $2
       ORDER BY id LIMIT $3
      """;

  /** Keeps that a tenant was created. */
  void insertCreation(SqlConnection tx, List<Tenant> tenants, String actor) {
    List<Tuple> values =
        tenants.stream()
            .map(one -> Tuple.of(one.id(), null, one.status().wireName(), null, actor))
            .toList();
    tx.preparedQuery(INSERT).executeBatch(values).await();
  }

  void insert(SqlConnection tx, TenantStatus from, Tenant changed, String actor) {
    Tuple values =
        Tuple.of(
            changed.id(),
            from.wireName(),
            changed.status().wireName(),
            changed.statusReason().orElse(null),
            actor);
    tx.preparedQuery(INSERT).execute(values).await();
  }

  List<PastTransition> list(SqlConnection connection, UUID tenant, long after, int count) {
    Iterable<Row> rows =
        connection.preparedQuery(LIST).execute(Tuple.of(tenant, after, count)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new PastTransition(
                row.getLong("id"),
                Optional.ofNullable(row.getString("from_status")),
                row.getString("to_status"),
                Optional.ofNullable(row.getString("reason")),
                row.getString("actor"),
                row.getOffsetDateTime("at").toInstant()))
        .toList();
  }
}
