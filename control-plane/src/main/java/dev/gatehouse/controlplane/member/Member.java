package dev.gatehouse.controlplane.member;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/**
 * A user in a tenant.
 *
 * @param role the name of one of the tenant's roles
 * @param version counts the changes
 */
record Member(
    UUID user,
    String email,
    String displayName,
    String role,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  JsonObject toJson() {
    return new JsonObject()
        .put("user", user.toString())
        .put("email", email)
        .put("displayName", displayName)
        .put("role", role)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }
}
