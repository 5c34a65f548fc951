package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.ServiceHealth;
import dev.gatehouse.contract.edge.ReportCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What gateways have told of endpoints, in PostgreSQL, whose clock decides what is old. */
final class EndpointStore {
  private static final int MOST_ROWS = 10_000;

  private static final String TOLD =
      """
      UPDATE gateway SET endpoints_at = now(), endpoints_omitted = $2 WHERE name = $1
      """;

  private static final String FORGET =
      "DELETE FROM gateway_service WHERE gateway = $1 AND NOT service = ANY($2)";

  private static final String PUT =
      """
      INSERT INTO gateway_service (gateway, service, health) VALUES ($1, $2, $3)
      ON CONFLICT (service, gateway) DO UPDATE SET health = excluded.health
       WHERE gateway_service.health <> excluded.health
      """;

  /** Of gateways that are silent for longer nobody wants to know. */
  private static final String OF_SERVICES =
      """
      SELECT s.service, s.gateway, s.health, g.endpoints_at, g.endpoints_omitted,
             g.endpoints_at < now() - make_interval(secs => $2) AS stale
        FROM gateway_service s JOIN gateway g ON g.name = s.gateway
       WHERE s.service = ANY($1) AND g.endpoints_at > now() - interval '1 hour'
       ORDER BY s.service, s.gateway LIMIT $3
      """;

  /**
   * What one gateway has told of a service.
   *
   * @param stale whether it has not told for a while
   * @param omitted endpoints, of all services, that it had no room for
   */
  record Told(
      String gateway, Instant reportedAt, boolean stale, int omitted, ServiceHealth health) {}

  void put(SqlConnection tx, EndpointReport report) {
    String gateway = report.gateway();
    String[] services =
        report.services().stream().map(ServiceHealth::service).sorted().toArray(String[]::new);
    Tuple told = Tuple.of(gateway, report.omitted());
    if (tx.preparedQuery(TOLD).execute(told).await().rowCount() == 0) {
      return; // it does not follow the feed yet, and will tell again
    }
    RowSet<Row> _ = tx.preparedQuery(FORGET).execute(Tuple.of(gateway, (Object) services)).await();
    List<Tuple> rows =
        report.services().stream()
            .map(one -> Tuple.of(gateway, one.service(), jsonOf(one)))
            .toList();
    if (!rows.isEmpty()) {
      RowSet<Row> _ = tx.preparedQuery(PUT).executeBatch(rows).await();
    }
  }

  List<Told> of(SqlConnection connection, Collection<String> services) {
    Tuple values =
        Tuple.of(
            services.toArray(String[]::new),
            (double) EndpointReport.STALE_AFTER.toSeconds(),
            MOST_ROWS);
    List<Told> all = new ArrayList<>();
    for (Row row : connection.preparedQuery(OF_SERVICES).execute(values).await()) {
      all.add(
          new Told(
              row.getString("gateway"),
              row.get(OffsetDateTime.class, "endpoints_at").toInstant(),
              row.getBoolean("stale"),
              row.getInteger("endpoints_omitted"),
              ReportCodec.decode(
                  row.getJsonObject("health").toBuffer().getBytes(), ServiceHealth.class)));
    }
    return all;
  }

  private static JsonObject jsonOf(ServiceHealth health) {
    return new JsonObject(Buffer.buffer(ReportCodec.encode(health)));
  }
}
