package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A tenant of a user.
 *
 * @param role the name of one of the tenant's roles
 * @param permissions what the role lets do there
 */
record Membership(
    UUID tenant,
    String slug,
    String name,
    String status,
    String role,
    Set<Permission> permissions,
    Instant createdAt) {
  JsonObject toJson() {
    return new JsonObject()
        .put("tenant", tenant.toString())
        .put("slug", slug)
        .put("name", name)
        .put("status", status)
        .put("role", role)
        .put("permissions", Permissions.toJson(permissions))
        .put("createdAt", createdAt.toString());
  }
}
