package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.edge.EdgeApiKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** An API key as it is stored, without its secret. */
record ApiKey(EdgeApiKey edge, Instant createdAt) {
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", edge.id())
            .put("subject", edge.subject())
            .put("roles", new JsonArray(edge.roles().stream().sorted().toList()));
    edge.expiresAt().ifPresent(instant -> json.put("expiresAt", instant.toString()));
    return json.put("createdAt", createdAt.toString());
  }
}
