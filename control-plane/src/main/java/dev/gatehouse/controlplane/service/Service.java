package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * An upstream application.
 *
 * @param document {@code endpoints} and timeouts; valid by the API's document
 * @param version counts the changes
 */
record Service(
    String name, JsonObject document, long version, Instant createdAt, Instant updatedAt) {

  /** What a merge patch is applied to. A service keeps its name. */
  JsonObject changeable() {
    return document.copy();
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .mergeIn(document)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  /**
   * @throws IllegalStateException if the document is not what the contract allows
   */
  EdgeService toEdge() {
    String json = document.copy().put("name", name).encode();
    try {
      return (EdgeService) FeedCodec.decodeObject(EdgeObject.Kind.SERVICE, json);
    } catch (MalformedFeedException e) {
      throw new IllegalStateException("service " + name + " cannot be read", e);
    }
  }
}
