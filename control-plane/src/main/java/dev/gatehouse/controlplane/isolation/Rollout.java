package dev.gatehouse.controlplane.isolation;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A version of a blueprint on its way to all places: first to some (the canary), then wave by wave.
 *
 * @param number the version
 * @param document {@code canary}, {@code wave}, {@code parallel}, {@code failurePercent} and {@code
 *     dryRun}, where they were given
 * @param reason why it was paused
 * @param wave that it is at; 0 is the canary
 * @param counts of its places: how many there are, are done, have failed
 */
record Rollout(
    UUID id,
    String blueprint,
    int number,
    JsonObject document,
    State state,
    Optional<String> reason,
    int wave,
    Counts counts,
    Instant createdAt,
    Optional<Instant> endedAt) {
  private static final int CANARY = 1;
  private static final int WAVE = 100;
  private static final int PARALLEL = 8;
  private static final int FAILURE_PERCENT = 0;

  /** How far it is. */
  enum State {
    RUNNING,
    /** It waits to be resumed or cancelled. */
    PAUSED,
    DONE,
    CANCELLED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Of its places, how many there are, are done, have failed.
   *
   * @param backfilled how many rows backfills have changed in all of them
   */
  record Counts(long total, long done, long failed, long backfilled) {}

  boolean isOpen() {
    return state == State.RUNNING || state == State.PAUSED;
  }

  /** How many places get it first. */
  static int canaryOf(JsonObject document) {
    return document.getInteger("canary", CANARY);
  }

  /** How many places each later wave has. */
  static int waveOf(JsonObject document) {
    return document.getInteger("wave", WAVE);
  }

  /** How many places are migrated at once. */
  int parallel() {
    return document.getInteger("parallel", PARALLEL);
  }

  /** Of each wave, how many percent may fail without a pause. */
  int failurePercent() {
    return document.getInteger("failurePercent", FAILURE_PERCENT);
  }

  /** Whether all is undone in each place. */
  boolean dryRun() {
    return document.getBoolean("dryRun", false);
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id.toString())
            .put("blueprint", blueprint)
            .put("to", number)
            .mergeIn(document)
            .put("state", state.wireName());
    reason.ifPresent(text -> json.put("reason", text));
    json.put("currentWave", wave)
        .put("total", counts.total())
        .put("done", counts.done())
        .put("failed", counts.failed())
        .put("backfilledRows", counts.backfilled())
        .put("createdAt", createdAt.toString());
    endedAt.ifPresent(time -> json.put("endedAt", time.toString()));
    return json;
  }
}
