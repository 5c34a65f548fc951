package dev.gatehouse.controlplane.usage;

import dev.gatehouse.controlplane.api.ApiRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The routes that are used most, by all or by one tenant, with what is of interest of each. */
public final class TopRoutes {
  private static final int ROWS = 20;
  private static final UUID NO_ROUTE = new UUID(0, 0);

  private TopRoutes() {}

  /**
   * Those of a range.
   *
   * @param tenant of whom; of all if empty
   * @return a document with {@code from}, {@code to} and {@code items}
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_PARAMETER}
   */
  public static JsonObject of(
      SqlConnection connection, ApiRequest request, Optional<UUID> tenant, Instant now) {
    UsageQuery query = UsageQuery.ofRoutes(request, tenant, now, ROWS);
    Tuple values =
        Tuple.of(
            query.from().atOffset(ZoneOffset.UTC),
            query.to().atOffset(ZoneOffset.UTC),
            query.rows());
    tenant.ifPresent(values::addUUID);
    List<JsonObject> items = new ArrayList<>();
    for (Row row : connection.preparedQuery(sql(query)).execute(values).await()) {
      items.add(item(row, tenant.isEmpty()));
    }
    return new JsonObject()
        .put("from", query.from().toString())
        .put("to", query.to().toString())
        .put("items", new JsonArray(items));
  }

  private static String sql(UsageQuery query) {
    return """
    SELECT used.*, coalesce(r.document ->> 'pathPrefix', r.document ->> 'pathExact',
                            r.document ->> 'pathTemplate') AS path
      FROM (
        SELECT route_id, service, %1$s, %2$s AS tenants,
               bounded(sum(sum(%6$s)) OVER ()) AS everything
          FROM %3$s
         WHERE at >= $1 AND at < $2 %4$s
         GROUP BY route_id, service
      ) AS used
      LEFT JOIN route r ON r.id = used.route_id
     ORDER BY %5$s DESC, used.route_id, used.service LIMIT $3
    """
        .formatted(
            Counters.each("bounded(sum(%1$s)) AS %1$s"),
            query.tenant().isPresent() ? "1::bigint" : "count(DISTINCT tenant_id)",
            query.table(),
            query.tenant().isPresent() ? "AND tenant_id = $4" : "",
            query.order().sql(),
            Counters.REQUESTS);
  }

  private static JsonObject item(Row row, boolean ofAll) {
    Totals totals = Counters.read(row);
    UUID route = row.getUUID("route_id");
    long errors = totals.requests().get(5);
    JsonObject item = new JsonObject().put("route", route.equals(NO_ROUTE) ? "" : route.toString());
    Optional.ofNullable(row.getString("path")).ifPresent(path -> item.put("path", path));
    item.put("service", row.getString("service"));
    if (ofAll) {
      item.put("tenants", row.getLong("tenants"));
    }
    return item.put("requests", totals.total())
        .put("share", percent(totals.total(), row.getLong("everything")))
        .put("errors", errors)
        .put("errorPercent", percent(errors, totals.total()))
        .put("bytes", totals.bytesIn() + totals.bytesOut())
        .put("latency", totals.latencyDocument());
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 0 : Math.round(part * 10_000.0 / whole) / 100.0;
  }
}
