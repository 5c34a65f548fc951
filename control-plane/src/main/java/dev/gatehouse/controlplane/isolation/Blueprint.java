package dev.gatehouse.controlplane.isolation;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * An application's SQL in versions, applied to every place in which tenants are.
 *
 * @param current the version that new places get: the last one that was rolled out; 0 for none
 * @param newest the version with the highest number; 0 if there is none
 */
record Blueprint(
    String name,
    Optional<String> description,
    int current,
    int newest,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  JsonObject toJson() {
    JsonObject json = new JsonObject().put("name", name);
    description.ifPresent(text -> json.put("description", text));
    return json.put("currentVersion", current)
        .put("newestVersion", newest)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }
}
