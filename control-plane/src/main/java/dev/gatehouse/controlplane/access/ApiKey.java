package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.edge.EdgeApiKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** An API key as it is stored, without its secret. */
record ApiKey(EdgeApiKey edge, Instant createdAt, Optional<Instant> lastUsedAt) {
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", edge.id())
            .put("subject", edge.subject())
            .put("roles", new JsonArray(edge.roles().stream().sorted().toList()));
    edge.scopes()
        .ifPresent(scopes -> json.put("scopes", new JsonArray(scopes.stream().sorted().toList())));
    edge.expiresAt().ifPresent(instant -> json.put("expiresAt", instant.toString()));
    lastUsedAt.ifPresent(instant -> json.put("lastUsedAt", instant.toString()));
    return json.put("createdAt", createdAt.toString());
  }
}
