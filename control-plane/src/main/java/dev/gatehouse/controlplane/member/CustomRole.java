package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Set;

/**
 * A role that a tenant has made for itself.
 *
 * @param version counts the changes
 */
record CustomRole(
    String name, Set<Permission> permissions, long version, Instant createdAt, Instant updatedAt) {

  /** What a merge patch is applied to: all that can change. */
  JsonObject changeable() {
    return new JsonObject().put("permissions", Permissions.toJson(permissions));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .put("builtIn", false)
        .mergeIn(changeable())
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  static JsonObject toJson(BuiltInRole role) {
    return new JsonObject()
        .put("name", role.wireName())
        .put("builtIn", true)
        .put("permissions", Permissions.toJson(role.permissions()));
  }
}
