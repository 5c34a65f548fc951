package dev.gatehouse.controlplane.tenant;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A transition that a tenant has made.
 *
 * @param id their order
 * @param from empty where it was created
 * @param actor the caller's name, or what of the control plane did it
 */
record PastTransition(
    long id, Optional<String> from, String to, Optional<String> reason, String actor, Instant at) {
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    from.ifPresent(status -> json.put("from", status));
    json.put("to", to);
    reason.ifPresent(words -> json.put("reason", words));
    return json.put("by", actor).put("at", at.toString());
  }
}
