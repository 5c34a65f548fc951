package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A route as it is stored.
 *
 * @param document all but the id; valid by the API's document
 * @param version counts the changes
 */
record Route(UUID id, JsonObject document, long version, Instant createdAt, Instant updatedAt) {

  /**
   * The document to store for what a caller wants, in the form in which two that mean the same are
   * the same.
   *
   * @param body valid by the API's document
   */
  static JsonObject normalized(JsonObject body) {
    JsonObject document = new JsonObject().put("hosts", "any").mergeIn(body);
    String prefix = body.getString("pathPrefix", "");
    if (prefix.length() > 1 && prefix.endsWith("/")) {
      // Prefixes match whole segments, so a slash at the end says nothing.
      document.put("pathPrefix", prefix.substring(0, prefix.length() - 1));
    }
    if (body.containsKey("methods") && body.getJsonArray("methods").isEmpty()) {
      document.remove("methods");
    }
    if (body.containsKey("headers") && body.getJsonArray("headers").isEmpty()) {
      document.remove("headers");
    }
    return document;
  }

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return document.copy();
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id.toString())
        .mergeIn(document)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  /**
   * What the edge is told of a route.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  static EdgeRoute toEdge(UUID id, JsonObject document) {
    return EdgeDocument.read(
        EdgeRoute.class,
        EdgeObject.Kind.ROUTE,
        document.copy().put("id", id.toString()),
        UnaryOperator.identity());
  }
}
