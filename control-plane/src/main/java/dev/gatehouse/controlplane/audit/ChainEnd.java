package dev.gatehouse.controlplane.audit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/**
 * Where a chain ends.
 *
 * @param length the number of its last entry
 * @param at when that was made
 */
record ChainEnd(UUID chain, long length, Instant at) {
  JsonObject toJson() {
    return JsonObject.of("chain", chain.toString(), "length", length, "time", at.toString());
  }
}
