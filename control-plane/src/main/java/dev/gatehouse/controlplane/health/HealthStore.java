package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.database.SqlTime.instant;
import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.controlplane.health.Standing.Leaning;
import dev.gatehouse.controlplane.health.Standing.Side;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What rounds find, in PostgreSQL. Blocks: virtual threads only. */
final class HealthStore {
  /** Two rounds at once would both see the same state before, and both tell that it changed. */
  private static final String HOLD = "SELECT pg_advisory_xact_lock(hashtext('tenant_health'))";

  private static final String ACTIVE =
      "SELECT id FROM tenant WHERE status = 'active' AND id > $1 ORDER BY id LIMIT $2";

  private static final String KEPT =
      """
      SELECT tenant_id, state, since, leaning, leaning_since, told, kept_at, kept_score, usual_at,
             usual_millis
        FROM tenant_health WHERE tenant_id = ANY ($1)
      """;

  private static final String PUT =
      """
      INSERT INTO tenant_health AS known
             (tenant_id, state, since, leaning, leaning_since, told, score, reason, factors, kept_at,
              kept_score, usual_at, usual_millis)
      SELECT tenant_id, state, since, leaning, leaning_since, told, score, reason, factors::jsonb,
             kept_at, kept_score, usual_at, usual_millis
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[],
                    $6::text[], $7::integer[], $8::text[], $9::text[], $10::timestamptz[],
                    $11::integer[], $12::timestamptz[], $13::float8[])
             AS found (tenant_id, state, since, leaning, leaning_since, told, score, reason,
                       factors, kept_at, kept_score, usual_at, usual_millis)
       ORDER BY tenant_id
      ON CONFLICT (tenant_id) DO UPDATE
         SET state = excluded.state, since = excluded.since, leaning = excluded.leaning,
             leaning_since = excluded.leaning_since, told = excluded.told, score = excluded.score,
             reason = excluded.reason, factors = excluded.factors, kept_at = excluded.kept_at,
             kept_score = excluded.kept_score, usual_at = excluded.usual_at,
             usual_millis = excluded.usual_millis
       WHERE (known.state, known.leaning, known.leaning_since, known.told, known.score,
              known.factors, known.kept_at, known.usual_at)
             IS DISTINCT FROM
             (excluded.state, excluded.leaning, excluded.leaning_since, excluded.told,
              excluded.score, excluded.factors, excluded.kept_at, excluded.usual_at)
      """;

  private static final String KEEP =
      """
      INSERT INTO tenant_health_history (tenant_id, at, state, score, reason)
      SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::integer[], $5::text[])
      ON CONFLICT (tenant_id, at) DO UPDATE
         SET state = excluded.state, score = excluded.score, reason = excluded.reason
      """;

  /** Whoever is active again begins anew. Of those who are deleted nothing stays. */
  private static final String FORGET =
      """
      WITH gone AS (
        DELETE FROM tenant_health h USING tenant t
         WHERE t.id = h.tenant_id AND t.status <> 'active'
        RETURNING h.tenant_id, t.status
      )
      DELETE FROM tenant_health_history h USING gone g
       WHERE h.tenant_id = g.tenant_id AND g.status = 'deleted'
      """;

  private static final String PARTITIONS = "SELECT health_partitions($1::text::interval)";

  private static final String PROGRESS = "SELECT after FROM health_round";

  private static final String ADVANCE =
      """
      UPDATE health_round
         SET after = $1, tenants = $2 + CASE WHEN after IS NULL THEN 0 ELSE tenants END,
             started_at = CASE WHEN after IS NULL THEN $3 ELSE started_at END
      """;

  private static final String END = "UPDATE health_round SET after = NULL, ended_at = $1";

  private static final String ERASE_HISTORY =
      """
      DELETE FROM tenant_health_history
       WHERE (tenant_id, at) IN (
               SELECT tenant_id, at FROM tenant_health_history WHERE tenant_id = $1 LIMIT 2000)
      """;

  private static final String ERASE = "DELETE FROM tenant_health WHERE tenant_id = $1";

  private static final UUID FIRST = new UUID(0, 0);

  void hold(SqlConnection tx) {
    tx.query(HOLD).execute().await();
  }

  void keepPartitions(SqlConnection tx, Duration keep) {
    tx.preparedQuery(PARTITIONS).execute(Tuple.of(keep.toString())).await();
  }

  /** Behind whom the round that is under way goes on; none where it begins. */
  Optional<UUID> progress(SqlConnection connection) {
    Row row = connection.query(PROGRESS).execute().await().iterator().next();
    return Optional.ofNullable(row.getUUID("after"));
  }

  void advance(SqlConnection tx, UUID last, int tenants, Instant now) {
    tx.preparedQuery(ADVANCE).execute(Tuple.of(last, tenants, utc(now))).await();
  }

  /** Those who are not judged any more are forgotten. */
  void end(SqlConnection tx, Instant now) {
    tx.query(FORGET).execute().await();
    tx.preparedQuery(END).execute(Tuple.of(utc(now))).await();
  }

  List<UUID> active(SqlConnection tx, Optional<UUID> after, int most) {
    return tx.preparedQuery(ACTIVE).execute(Tuple.of(after.orElse(FIRST), most)).await().stream()
        .map(row -> row.getUUID("id"))
        .toList();
  }

  Map<UUID, Kept> kept(SqlConnection tx, List<UUID> tenants) {
    Map<UUID, Kept> kept = new HashMap<>();
    for (Row row : tx.preparedQuery(KEPT).execute(ConditionReader.of(tenants)).await()) {
      kept.put(row.getUUID("tenant_id"), keptOf(row));
    }
    return kept;
  }

  private static Kept keptOf(Row row) {
    Optional<Leaning> leaning =
        Optional.ofNullable(row.getString("leaning"))
            .map(side ->
                new Leaning(
                    Side.valueOf(side.toUpperCase(Locale.ROOT)),
                    instant(row, "leaning_since").orElseThrow()));
    return new Kept(
        new Standing(
            HealthState.of(row.getString("state")), instant(row, "since").orElseThrow(), leaning),
        HealthState.of(row.getString("told")),
        instant(row, "kept_at"),
        scoreOf(row.getInteger("kept_score")),
        instant(row, "usual_at")
            .map(hour -> new Usual(hour, millisOf(row.getDouble("usual_millis")))));
  }

  static OptionalInt scoreOf(@Nullable Integer score) {
    return score == null ? OptionalInt.empty() : OptionalInt.of(score);
  }

  private static OptionalDouble millisOf(@Nullable Double millis) {
    return millis == null ? OptionalDouble.empty() : OptionalDouble.of(millis);
  }

  /** Those of whom something is another than before. */
  void put(SqlConnection tx, List<Verdict> verdicts) {
    Tuple values = Tuple.tuple();
    values.addArrayOfUUID(verdicts.stream().map(Verdict::tenant).toArray(UUID[]::new));
    values.addArrayOfString(texts(verdicts, one -> standing(one).state().wireName()));
    values.addArrayOfOffsetDateTime(times(verdicts, one -> standing(one).since()));
    values.addArrayOfString(
        texts(
            verdicts,
            one ->
                standing(one)
                    .leaning()
                    .map(leaning -> leaning.side().name().toLowerCase(Locale.ROOT))
                    .orElse(null)));
    values.addArrayOfOffsetDateTime(
        times(verdicts, one -> standing(one).leaning().map(Leaning::since).orElse(null)));
    values.addArrayOfString(texts(verdicts, one -> one.kept().told().wireName()));
    values.addArrayOfInteger(scores(verdicts, one -> one.judgement().score()));
    values.addArrayOfString(texts(verdicts, one -> one.judgement().reason()));
    values.addArrayOfString(texts(verdicts, HealthStore::factors));
    values.addArrayOfOffsetDateTime(times(verdicts, one -> one.kept().keptAt().orElse(null)));
    values.addArrayOfInteger(scores(verdicts, one -> one.kept().keptScore()));
    values.addArrayOfOffsetDateTime(
        times(verdicts, one -> one.kept().usual().map(Usual::hour).orElse(null)));
    values.addArrayOfDouble(verdicts.stream().map(HealthStore::usualMillis).toArray(Double[]::new));
    tx.preparedQuery(PUT).execute(values).await();
  }

  private static Standing standing(Verdict verdict) {
    return verdict.kept().standing();
  }

  private static String factors(Verdict verdict) {
    return new JsonArray(verdict.judgement().findings().stream().map(Finding::toJson).toList())
        .encode();
  }

  private static @Nullable Double usualMillis(Verdict verdict) {
    OptionalDouble millis =
        verdict.kept().usual().map(Usual::millis).orElse(OptionalDouble.empty());
    return millis.isPresent() ? millis.getAsDouble() : null;
  }

  /** Adds rows to the history. */
  void keep(SqlConnection tx, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return;
    }
    Tuple values = Tuple.tuple();
    values.addArrayOfUUID(verdicts.stream().map(Verdict::tenant).toArray(UUID[]::new));
    values.addArrayOfOffsetDateTime(times(verdicts, Verdict::at));
    values.addArrayOfString(texts(verdicts, one -> standing(one).state().wireName()));
    values.addArrayOfInteger(scores(verdicts, one -> one.judgement().score()));
    values.addArrayOfString(texts(verdicts, one -> one.reasonOfChange().orElse(null)));
    tx.preparedQuery(KEEP).execute(values).await();
  }

  private static String[] texts(List<Verdict> verdicts, Function<Verdict, @Nullable String> of) {
    return verdicts.stream().map(of).toArray(String[]::new);
  }

  private static OffsetDateTime[] times(
      List<Verdict> verdicts, Function<Verdict, @Nullable Instant> of) {
    return verdicts.stream()
        .map(one -> {
          Instant time = of.apply(one);
          return time == null ? null : utc(time);
        })
        .toArray(OffsetDateTime[]::new);
  }

  private static Integer[] scores(List<Verdict> verdicts, Function<Verdict, OptionalInt> of) {
    return verdicts.stream()
        .map(one -> {
          OptionalInt score = of.apply(one);
          return score.isPresent() ? Integer.valueOf(score.getAsInt()) : null;
        })
        .toArray(Integer[]::new);
  }

  /** Forgets some of how a tenant did; whether nothing is left. */
  boolean erase(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(ERASE).execute(Tuple.of(tenant)).await();
    return tx.preparedQuery(ERASE_HISTORY).execute(Tuple.of(tenant)).await().rowCount() == 0;
  }
}
