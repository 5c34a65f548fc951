package dev.gatehouse.controlplane.imports;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An import.
 *
 * @param actor who wants it
 * @param lines records that it has
 * @param processed records that are done with
 * @param refused those of them that became no tenant
 * @param through the line up to which it is done
 */
record TenantImport(
    UUID id,
    State state,
    boolean dryRun,
    String actor,
    long lines,
    long processed,
    long refused,
    long through,
    Instant createdAt,
    Optional<Instant> endedAt) {
  /** How far it is. */
  enum State {
    /** Its body is being read. */
    RECEIVING,
    RUNNING,
    DONE,
    CANCELLED
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id.toString())
            .put("state", state.name().toLowerCase(java.util.Locale.ROOT))
            .put("dryRun", dryRun)
            .put("lines", lines)
            .put("processed", processed)
            .put("created", dryRun ? 0 : processed - refused)
            .put("refused", refused)
            .put("createdAt", createdAt.toString());
    endedAt.ifPresent(time -> json.put("endedAt", time.toString()));
    return json;
  }
}
