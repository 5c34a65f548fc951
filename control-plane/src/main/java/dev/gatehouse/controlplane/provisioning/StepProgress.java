package dev.gatehouse.controlplane.provisioning;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a step is.
 *
 * @param state {@code waiting}, {@code running} or {@code done}
 * @param attempts how often it was begun
 */
record StepProgress(
    String name,
    String state,
    int attempts,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt) {
  boolean isDone() {
    return state.equals("done");
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject().put("name", name).put("state", state).put("attempts", attempts);
    startedAt.ifPresent(time -> json.put("startedAt", time.toString()));
    endedAt.ifPresent(time -> json.put("endedAt", time.toString()));
    return json;
  }
}
