package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeRoute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A route as it is stored.
 *
 * @param edge what it says
 * @param version counts the changes
 */
record Route(EdgeRoute edge, long version, Instant createdAt, Instant updatedAt) {

  /**
   * @param body valid by the API's document
   */
  static EdgeRoute read(UUID id, JsonObject body) {
    Set<String> methods =
        body.getJsonArray("methods", new JsonArray()).stream()
            .map(String.class::cast)
            .collect(Collectors.toUnmodifiableSet());
    String prefix = body.getString("pathPrefix");
    return new EdgeRoute(
        id,
        EdgeRoute.HostClass.fromWireName(body.getString("hosts", "any")),
        // Prefixes match whole segments, so a slash at the end says nothing.
        prefix.length() > 1 && prefix.endsWith("/")
            ? prefix.substring(0, prefix.length() - 1)
            : prefix,
        methods,
        body.getString("service"));
  }

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return new JsonObject()
        .put("hosts", edge.hosts().wireName())
        .put("pathPrefix", edge.pathPrefix())
        .put("methods", new JsonArray(edge.methods().stream().sorted().toList()))
        .put("service", edge.service());
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", edge.id().toString())
        .mergeIn(changeable())
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }
}
