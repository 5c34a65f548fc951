package dev.gatehouse.controlplane.billing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Periods of subscriptions in PostgreSQL. A trigger of the table of tenants writes them. */
final class SubscriptionStore {
  /** Each period is cut to the range; one that is open lasts until now. */
  private static final String LIST =
      """
      SELECT t.id, t.slug,
             (array_agg(p.customer ORDER BY p.starts_at DESC))[1] AS customer,
             jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
               'plan', p.plan,
               'status', p.status,
               'from', to_char(cut.starts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'to', to_char(cut.ends AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'seconds', extract(epoch FROM cut.ends - cut.starts)
             )) ORDER BY p.starts_at) AS periods,
             (SELECT count(*) FROM domain d WHERE d.tenant_id = t.id) AS custom_domains
        FROM tenant t
        JOIN subscription_period p ON p.tenant_id = t.id
       CROSS JOIN LATERAL (
               SELECT greatest(p.starts_at, $1) AS starts,
                      least(coalesce(p.ends_at, now()), $2) AS ends
             ) cut
       WHERE p.starts_at < $2
         AND (p.ends_at IS NULL OR p.ends_at > $1)
         AND cut.starts < cut.ends
         AND ($3::uuid IS NULL OR t.id > $3)
       GROUP BY t.id
       ORDER BY t.id
       LIMIT $4
      """;

  private static final String OR_NOW = "SELECT least($1::timestamptz, now()) AS moment";

  /** The time, or the database's own where that has not come so far. */
  Instant orNow(SqlConnection connection, Instant time) {
    Tuple values = Tuple.of(time.atOffset(ZoneOffset.UTC));
    return connection
        .preparedQuery(OR_NOW)
        .execute(values)
        .await()
        .iterator()
        .next()
        .getOffsetDateTime("moment")
        .toInstant();
  }

  List<Subscription> list(
      SqlConnection connection, Instant from, Instant to, Optional<UUID> after, int count) {
    @Nullable UUID behind = after.orElse(null);
    Tuple values =
        Tuple.of(from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC), behind, count);
    return StreamSupport.stream(
            connection.preparedQuery(LIST).execute(values).await().spliterator(), false)
        .map(row ->
            new Subscription(
                row.getUUID("id"),
                row.getString("slug"),
                (JsonObject) row.getJson("customer"),
                (JsonArray) row.getJson("periods"),
                row.getLong("custom_domains")))
        .toList();
  }
}
