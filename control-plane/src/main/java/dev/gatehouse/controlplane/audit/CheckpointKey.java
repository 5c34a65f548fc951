package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A key that signs checkpoints, or has signed them.
 *
 * @param signs whether it still does
 */
record CheckpointKey(AuditKey key, Instant createdAt, boolean signs) {
  JsonObject toJson() {
    return JsonObject.of(
        "id", key.id(),
        "algorithm", key.algorithm().standardName(),
        "publicKey", key.publicKey(),
        "createdAt", createdAt.toString(),
        "signs", signs);
  }
}
