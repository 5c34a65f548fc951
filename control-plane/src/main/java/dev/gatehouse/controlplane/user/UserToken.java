package dev.gatehouse.controlplane.user;

import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.TokenBounds;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A token by which a user calls the API, without its secret.
 *
 * @param id the public part
 * @param name what it was made for
 * @param bounds scopes, if it is narrowed, and an expiry, which it always has
 */
record UserToken(
    String id, String name, TokenBounds bounds, Instant createdAt, Optional<Instant> lastUsedAt) {
  JsonObject toJson() {
    JsonObject json = new JsonObject().put("id", id).put("name", name);
    bounds.scopes().ifPresent(scopes -> json.put("scopes", Permissions.toJson(scopes)));
    bounds.expiresAt().ifPresent(instant -> json.put("expiresAt", instant.toString()));
    lastUsedAt.ifPresent(instant -> json.put("lastUsedAt", instant.toString()));
    return json.put("createdAt", createdAt.toString());
  }
}
