package dev.gatehouse.controlplane.schedule;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to become of a tenant.
 *
 * @param refusal why it could not be done when it was due; it is not tried again
 */
record ScheduleEntry(
    ScheduledAction action,
    Instant dueAt,
    Optional<String> reason,
    Optional<String> refusal,
    Instant createdAt) {
  JsonObject toJson() {
    JsonObject json = new JsonObject().put("action", action.wireName()).put("at", dueAt.toString());
    reason.ifPresent(words -> json.put("reason", words));
    refusal.ifPresent(words -> json.put("refusal", words));
    return json.put("createdAt", createdAt.toString());
  }
}
