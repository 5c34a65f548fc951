package dev.gatehouse.controlplane.feed;

import dev.gatehouse.controlplane.database.Database;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Gateways in PostgreSQL, whose clock decides who is alive. Blocks: virtual threads only. */
final class GatewayStore {
  private static final int MAX_LISTED = 1000;

  // Who claims to be ahead of this database has served by another history, and has nothing of this.
  private static final String SEEN =
      """
      WITH seen AS (
        INSERT INTO gateway (name, applied_revision, last_seen_at)
        SELECT $1, CASE WHEN $2 <= revision THEN $2 ELSE 0 END, now() FROM edge_revision
        ON CONFLICT (name) DO UPDATE
           SET applied_revision = excluded.applied_revision, last_seen_at = excluded.last_seen_at
        RETURNING name
      )
      SELECT pg_notify('gateway_applied', name) FROM seen
      """;

  private static final String EXPLAINS = "UPDATE gateway SET explains = $2 WHERE name = $1";

  private static final String EXPLAINERS =
      """
      SELECT name FROM gateway
       WHERE explains AND last_seen_at > now() - make_interval(secs => $1)
       ORDER BY applied_revision DESC, last_seen_at DESC LIMIT $2
      """;

  private static final String LIST =
      """
      SELECT g.name, g.applied_revision, r.revision - g.applied_revision AS lag, g.last_seen_at,
             g.last_seen_at > now() - make_interval(secs => $1) AS live
        FROM gateway g, edge_revision r
       ORDER BY g.name LIMIT $2
      """;

  private static final String LIVE =
      """
      SELECT name, applied_revision FROM gateway
       WHERE last_seen_at > now() - make_interval(secs => $1) ORDER BY name
      """;

  private static final String FORGET =
      """
      DELETE FROM gateway WHERE last_seen_at < now() - make_interval(secs => $1)
      """;

  private final Database database;
  private final Duration lease;

  GatewayStore(Database database, Duration lease) {
    this.database = database;
    this.lease = lease;
  }

  /** A gateway as an operator sees it. */
  record ListedGateway(
      String name, long appliedRevision, long lag, Instant lastSeenAt, boolean live) {}

  /** A gateway that is alive. */
  record LiveGateway(String name, long appliedRevision) {}

  /** Notes that the gateway is alive and has applied this revision, and wakes who waits for it. */
  void seen(String name, long appliedRevision) {
    run(SEEN, Tuple.of(name, appliedRevision));
  }

  /** Notes whether a gateway that connects answers questions about requests. */
  void explains(String name, boolean explains) {
    run(EXPLAINS, Tuple.of(name, explains));
  }

  /** Names of live gateways that answer such questions, the most up to date first. */
  List<String> explainers() {
    List<String> names = new ArrayList<>();
    for (Row row : run(EXPLAINERS, Tuple.of(seconds(lease), MAX_LISTED))) {
      names.add(row.getString("name"));
    }
    return names;
  }

  List<ListedGateway> list() {
    List<ListedGateway> gateways = new ArrayList<>();
    for (Row row : run(LIST, Tuple.of(seconds(lease), MAX_LISTED))) {
      gateways.add(
          new ListedGateway(
              row.getString("name"),
              row.getLong("applied_revision"),
              row.getLong("lag"),
              row.get(OffsetDateTime.class, "last_seen_at").toInstant(),
              row.getBoolean("live")));
    }
    return gateways;
  }

  List<LiveGateway> live() {
    List<LiveGateway> gateways = new ArrayList<>();
    for (Row row : run(LIVE, Tuple.of(seconds(lease)))) {
      gateways.add(new LiveGateway(row.getString("name"), row.getLong("applied_revision")));
    }
    return gateways;
  }

  long newestRevision() {
    return run("SELECT revision FROM edge_revision", Tuple.tuple()).iterator().next().getLong(0);
  }

  void forgetUnseenFor(Duration age) {
    run(FORGET, Tuple.of(seconds(age)));
  }

  private RowSet<Row> run(String sql, Tuple values) {
    return database.withConnection(
        connection -> connection.preparedQuery(sql).execute(values).await());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
