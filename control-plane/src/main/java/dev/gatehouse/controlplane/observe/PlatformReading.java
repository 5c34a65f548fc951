package dev.gatehouse.controlplane.observe;

import dev.gatehouse.controlplane.health.HealthService;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the database says of the platform at a time, the same whichever instance is asked.
 *
 * @param tenants how many have each status
 * @param health how many active tenants are in each state
 * @param jobs how each kind of background work does
 * @param gateways of those that were heard of lately, 1000 at the most
 * @param checkpointAgeSeconds since the audit trail was last signed; not a number without one
 */
record PlatformReading(
    List<Count> tenants,
    List<Count> health,
    List<Jobs> jobs,
    List<Gateway> gateways,
    double checkpointAgeSeconds) {
  private static final String TENANTS =
      "SELECT status AS name, count(*) AS n FROM tenant WHERE status <> 'deleted' GROUP BY status";

  private static final String JOBS =
      """
      SELECT kind,
             count(*) FILTER (WHERE leased_until > now()) AS running,
             count(*) FILTER (WHERE attempts > 0 AND last_error IS NOT NULL) AS failing,
             coalesce(extract(epoch FROM now() - min(due_at)
               FILTER (WHERE due_at < now() AND coalesce(leased_until, '-infinity') <= now())), 0)
               ::float8 AS late
        FROM job GROUP BY kind
      """;

  private static final String GATEWAYS =
      """
      SELECT g.name, (r.revision - g.applied_revision)::float8 AS lag,
             extract(epoch FROM now() - g.last_seen_at)::float8 AS silence
        FROM gateway g, edge_revision r ORDER BY g.name LIMIT 1000
      """;

  private static final String CHECKPOINT =
      """
      SELECT coalesce(extract(epoch FROM now() - max(at)), 'NaN')::float8 AS age
        FROM audit.checkpoint
      """;

  /** How many there are of something. */
  record Count(String name, double number) {}

  /**
   * @param failing that failed and are tried again
   * @param lateSeconds for how long the oldest that nobody does has been due
   */
  record Jobs(String kind, double running, double failing, double lateSeconds) {}

  /**
   * @param lag revisions that it has not applied
   * @param silenceSeconds since it was last heard of
   */
  record Gateway(String name, double lag, double silenceSeconds) {}

  /** Blocks: virtual threads only. */
  static PlatformReading of(SqlConnection connection, HealthService health) {
    return new PlatformReading(
        rows(connection, TENANTS)
            .map(row -> new Count(row.getString("name"), row.getLong("n")))
            .toList(),
        health.counts(connection).entrySet().stream()
            .map(state -> new Count(state.getKey().wireName(), state.getValue()))
            .toList(),
        rows(connection, JOBS)
            .map(row ->
                new Jobs(
                    row.getString("kind"),
                    row.getLong("running"),
                    row.getLong("failing"),
                    row.getDouble("late")))
            .toList(),
        rows(connection, GATEWAYS)
            .map(row ->
                new Gateway(row.getString("name"), row.getDouble("lag"), row.getDouble("silence")))
            .toList(),
        rows(connection, CHECKPOINT).findFirst().orElseThrow().getDouble("age"));
  }

  private static Stream<Row> rows(SqlConnection connection, String sql) {
    return connection.query(sql).execute().await().stream();
  }
}
