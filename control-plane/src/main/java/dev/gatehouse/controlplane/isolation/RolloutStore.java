package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Rollouts and their steps in PostgreSQL. */
final class RolloutStore {
  private static final String SELECT =
      """
      SELECT r.id, r.blueprint, r.number, r.document, r.state, r.reason, r.wave, r.created_at,
             r.ended_at, c.total, c.done, c.failed, c.backfilled
        FROM rollout r,
             LATERAL (SELECT count(*) AS total,
                             count(*) FILTER (WHERE s.state = 'done') AS done,
                             count(*) FILTER (WHERE s.state = 'failed') AS failed,
                             coalesce(sum(s.backfilled), 0)::bigint AS backfilled
                        FROM rollout_step s WHERE s.rollout = r.id) c
      """;

  private static final String INSERT =
      "INSERT INTO rollout (id, blueprint, number, document, state) VALUES ($1, $2, $3, $4, 'running')";

  /** Tenants with places of their own first, the oldest of them, then those of all who share. */
  private static final String INSERT_STEPS =
      """
      INSERT INTO rollout_step (rollout, position, wave, partition, tenant_id)
      SELECT $1, n, CASE WHEN n <= $2 THEN 0 ELSE 1 + (n - $2 - 1) / $3 END, partition, tenant_id
        FROM (SELECT row_number() OVER (ORDER BY tenant_id IS NULL, tenant_id, partition)::integer
                       AS n, partition, tenant_id
                FROM (SELECT partition, tenant_id FROM placement
                       WHERE state = 'placed' AND strategy <> 'shared'
                      UNION ALL
                      SELECT name, NULL FROM partition WHERE prepared_at IS NOT NULL) place) ordered
      """;

  /** Places that came while it was under way. */
  private static final String INSERT_NEW_STEPS =
      """
      INSERT INTO rollout_step (rollout, position, wave, partition, tenant_id)
      SELECT $1, $2 + (row_number() OVER (ORDER BY tenant_id, partition))::integer, $3, partition,
             tenant_id
        FROM (SELECT partition, tenant_id FROM placement
               WHERE state = 'placed' AND strategy <> 'shared'
              UNION ALL
              SELECT name, NULL FROM partition WHERE prepared_at IS NOT NULL) place
       WHERE NOT EXISTS (SELECT FROM rollout_step s
                          WHERE s.rollout = $1 AND s.partition = place.partition
                            AND s.tenant_id IS NOT DISTINCT FROM place.tenant_id)
      """;

  private static final String FIND = SELECT + " WHERE r.id = $1";
  private static final String LOCK = FIND + " FOR UPDATE OF r";
  private static final String LIST =
      SELECT
          + """
           WHERE r.blueprint = $1 AND ($2::uuid IS NULL OR r.id < $2)
           ORDER BY r.id DESC LIMIT $3
          """;

  private static final String SET_STATE =
      """
      UPDATE rollout SET state = $2, reason = $3,
             ended_at = CASE WHEN $2 IN ('done', 'cancelled') THEN now() END
       WHERE id = $1
      """;

  private static final String SET_WAVE = "UPDATE rollout SET wave = $2 WHERE id = $1";

  private static final String STEP_COLUMNS =
      """
      SELECT s.position, s.wave, s.partition, s.tenant_id, s.state, s.error, s.millis,
             s.backfilled,
             coalesce(l.strategy, 'shared') AS strategy
        FROM rollout_step s LEFT JOIN placement l ON l.tenant_id = s.tenant_id
      """;

  private static final String WAITING =
      STEP_COLUMNS
          + """
           WHERE s.rollout = $1 AND s.wave = $2 AND s.state = 'waiting' ORDER BY s.position LIMIT $3
          """;

  private static final String STEPS =
      STEP_COLUMNS
          + """
           WHERE s.rollout = $1 AND s.position > $2 AND ($4::text IS NULL OR s.state = $4)
           ORDER BY s.position LIMIT $3
          """;

  private static final String OF_WAVE =
      """
      SELECT count(*) AS total, count(*) FILTER (WHERE state = 'failed') AS failed,
             (SELECT count(*) FROM rollout_step WHERE rollout = $1 AND wave > $2) AS later
        FROM rollout_step WHERE rollout = $1 AND wave = $2
      """;

  private static final String END_STEP =
      """
      UPDATE rollout_step SET state = $3, error = $4, millis = $5, ended_at = now()
       WHERE rollout = $1 AND position = $2
      """;

  private static final String PROGRESS =
      "UPDATE rollout_step SET backfilled = $3 WHERE rollout = $1 AND position = $2";

  private static final String RETRY =
      """
      UPDATE rollout_step SET state = 'waiting', error = NULL
       WHERE rollout = $1 AND wave = $2 AND state = 'failed'
      """;

  private static final String FORGET = "DELETE FROM rollout_step WHERE tenant_id = $1";

  /**
   * One place of a rollout.
   *
   * @param state {@code waiting}, {@code done} or {@code failed}
   * @param backfilled how many rows backfills have changed there
   */
  record Step(
      int position,
      int wave,
      Place place,
      String state,
      Optional<String> error,
      Optional<Integer> millis,
      long backfilled) {
    JsonObject toJson() {
      JsonObject json =
          new JsonObject()
              .put("position", position)
              .put("wave", wave)
              .put("state", state)
              .put("partition", place.partition())
              .put("strategy", place.strategy().wireName());
      place.tenant().ifPresent(tenant -> json.put("tenant", tenant.toString()));
      error.ifPresent(text -> json.put("error", text));
      millis.ifPresent(took -> json.put("millis", took));
      if (backfilled > 0) {
        json.put("backfilledRows", backfilled);
      }
      return json;
    }
  }

  /**
   * How a wave went.
   *
   * @param later how many places later waves have
   */
  record WaveCounts(long total, long failed, long later) {}

  Rollout insert(SqlConnection tx, UUID id, String blueprint, int number, JsonObject document) {
    tx.preparedQuery(INSERT).execute(Tuple.of(id, blueprint, number, document)).await();
    Tuple steps = Tuple.of(id, Rollout.canaryOf(document), Rollout.waveOf(document));
    tx.preparedQuery(INSERT_STEPS).execute(steps).await();
    return find(tx, id).orElseThrow();
  }

  /**
   * Adds places that came while it was under way.
   *
   * @param wave in which they are
   * @return how many
   */
  int addNew(SqlConnection tx, Rollout rollout, int wave) {
    Tuple values = Tuple.of(rollout.id(), Math.toIntExact(rollout.counts().total()), wave);
    return tx.preparedQuery(INSERT_NEW_STEPS).execute(values).await().rowCount();
  }

  Optional<Rollout> find(SqlConnection connection, UUID id) {
    return stream(connection, FIND, Tuple.of(id)).findFirst();
  }

  Optional<Rollout> lock(SqlConnection tx, UUID id) {
    return stream(tx, LOCK, Tuple.of(id)).findFirst();
  }

  List<Rollout> list(SqlConnection connection, String blueprint, Optional<UUID> after, int count) {
    return stream(connection, LIST, Tuple.of(blueprint, after.orElse(null), count)).toList();
  }

  void setState(SqlConnection tx, UUID id, Rollout.State state, Optional<String> reason) {
    Tuple values = Tuple.of(id, state.wireName(), reason.orElse(null));
    tx.preparedQuery(SET_STATE).execute(values).await();
  }

  void setWave(SqlConnection tx, UUID id, int wave) {
    tx.preparedQuery(SET_WAVE).execute(Tuple.of(id, wave)).await();
  }

  List<Step> waiting(SqlConnection connection, UUID id, int wave, int count) {
    return steps(connection, WAITING, Tuple.of(id, wave, count));
  }

  List<Step> steps(
      SqlConnection connection, UUID id, int after, int count, Optional<String> state) {
    return steps(connection, STEPS, Tuple.of(id, after, count, state.orElse(null)));
  }

  WaveCounts ofWave(SqlConnection connection, UUID id, int wave) {
    Row row =
        connection.preparedQuery(OF_WAVE).execute(Tuple.of(id, wave)).await().iterator().next();
    return new WaveCounts(row.getLong("total"), row.getLong("failed"), row.getLong("later"));
  }

  void endStep(SqlConnection tx, UUID id, int position, Optional<String> error, int millis) {
    Tuple values =
        Tuple.of(id, position, error.isPresent() ? "failed" : "done", error.orElse(null), millis);
    tx.preparedQuery(END_STEP).execute(values).await();
  }

  /** How many rows backfills have changed there by now. */
  void progress(SqlConnection tx, UUID id, int position, long backfilled) {
    tx.preparedQuery(PROGRESS).execute(Tuple.of(id, position, backfilled)).await();
  }

  void retry(SqlConnection tx, UUID id, int wave) {
    tx.preparedQuery(RETRY).execute(Tuple.of(id, wave)).await();
  }

  void forget(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(FORGET).execute(Tuple.of(tenant)).await();
  }

  private static List<Step> steps(SqlConnection connection, String sql, Tuple values) {
    Iterable<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Step(
                row.getInteger("position"),
                row.getInteger("wave"),
                new Place(
                    row.getString("partition"),
                    IsolationStrategy.fromWireName(row.getString("strategy")),
                    Optional.ofNullable(row.getUUID("tenant_id"))),
                row.getString("state"),
                Optional.ofNullable(row.getString("error")),
                Optional.ofNullable(row.getInteger("millis")),
                row.getLong("backfilled")))
        .toList();
  }

  private static Stream<Rollout> stream(SqlConnection connection, String sql, Tuple values) {
    Iterable<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Rollout(
                row.getUUID("id"),
                row.getString("blueprint"),
                row.getInteger("number"),
                (JsonObject) row.getJson("document"),
                Rollout.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getString("reason")),
                row.getInteger("wave"),
                new Rollout.Counts(
                    row.getLong("total"),
                    row.getLong("done"),
                    row.getLong("failed"),
                    row.getLong("backfilled")),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.get(OffsetDateTime.class, "ended_at"))
                    .map(OffsetDateTime::toInstant)));
  }
}
