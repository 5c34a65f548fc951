package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.Checkpoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A checkpoint with its signatures.
 *
 * @param signatures each names its algorithm and its key
 */
record StoredCheckpoint(Checkpoint checkpoint, JsonArray signatures) {
  JsonObject toJson() {
    return JsonObject.of(
        "statement", new JsonObject(checkpoint.statement()), "signatures", signatures);
  }
}
