package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeRoute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
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
    return of(
        id,
        EdgeRoute.HostClass.fromWireName(body.getString("hosts", "any")),
        // Prefixes match whole segments, so a slash at the end says nothing.
        prefix.length() > 1 && prefix.endsWith("/")
            ? prefix.substring(0, prefix.length() - 1)
            : prefix,
        methods,
        body.getString("service"));
  }

  static EdgeRoute of(
      UUID id, EdgeRoute.HostClass hosts, String prefix, Set<String> methods, String service) {
    EdgeRoute all = EdgeRoute.toService(id, prefix, service);
    return new EdgeRoute(
        id,
        hosts,
        all.pathPrefix(),
        all.pathExact(),
        all.pathTemplate(),
        Optional.of(methods),
        all.headers(),
        all.service(),
        all.destinations(),
        all.redirect(),
        all.versions(),
        all.rewrite(),
        all.requestHeaders(),
        all.responseHeaders(),
        all.mirror(),
        all.totalTimeout());
  }

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return new JsonObject()
        .put("hosts", edge.hosts().wireName())
        .put("pathPrefix", edge.pathPrefix().orElseThrow())
        .put("methods", new JsonArray(edge.methods().orElseThrow().stream().sorted().toList()))
        .put("service", edge.service().orElseThrow());
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", edge.id().toString())
        .mergeIn(changeable())
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }
}
