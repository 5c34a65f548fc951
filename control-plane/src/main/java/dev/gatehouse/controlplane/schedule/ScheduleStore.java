package dev.gatehouse.controlplane.schedule;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The schedules of tenants in PostgreSQL. */
final class ScheduleStore {
  private static final String COLUMNS = "action, due_at, reason, refusal, created_at";

  private static final String PUT =
      """
      INSERT INTO tenant_schedule (tenant_id, action, due_at, reason) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant_id, action) DO UPDATE
         SET due_at = excluded.due_at, reason = excluded.reason, refusal = NULL, created_at = now()
      RETURNING
      """
          + COLUMNS;

  private static final String LIST =
      "SELECT " + COLUMNS + " FROM tenant_schedule WHERE tenant_id = $1 ORDER BY due_at, action";

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM tenant_schedule WHERE tenant_id = $1 AND action = $2";

  private static final String REFUSE =
      "UPDATE tenant_schedule SET refusal = $3 WHERE tenant_id = $1 AND action = $2";

  private static final String DELETE =
      "DELETE FROM tenant_schedule WHERE tenant_id = $1 AND action = $2";

  private static final String DELETE_ALL = "DELETE FROM tenant_schedule WHERE tenant_id = $1";

  ScheduleEntry put(
      SqlConnection tx, UUID tenant, ScheduledAction action, Instant at, Optional<String> reason) {
    Tuple values =
        Tuple.of(tenant, action.wireName(), at.atOffset(ZoneOffset.UTC), reason.orElse(null));
    return stream(tx.preparedQuery(PUT).execute(values).await()).findFirst().orElseThrow();
  }

  List<ScheduleEntry> list(SqlConnection connection, UUID tenant) {
    return stream(connection.preparedQuery(LIST).execute(Tuple.of(tenant)).await()).toList();
  }

  Optional<ScheduleEntry> find(SqlConnection connection, UUID tenant, ScheduledAction action) {
    Tuple values = Tuple.of(tenant, action.wireName());
    return stream(connection.preparedQuery(FIND).execute(values).await()).findFirst();
  }

  void refuse(SqlConnection tx, UUID tenant, ScheduledAction action, String why) {
    tx.preparedQuery(REFUSE).execute(Tuple.of(tenant, action.wireName(), why)).await();
  }

  boolean delete(SqlConnection tx, UUID tenant, ScheduledAction action) {
    Tuple values = Tuple.of(tenant, action.wireName());
    return tx.preparedQuery(DELETE).execute(values).await().rowCount() == 1;
  }

  void deleteAll(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
  }

  private static Stream<ScheduleEntry> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new ScheduleEntry(
                ScheduledAction.fromWireName(row.getString("action")),
                row.getOffsetDateTime("due_at").toInstant(),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getString("refusal")),
                row.getOffsetDateTime("created_at").toInstant()));
  }
}
