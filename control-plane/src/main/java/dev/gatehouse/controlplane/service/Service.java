package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * An upstream application.
 *
 * @param document all but the name, with its secrets in clear; valid by the API's document
 * @param version counts the changes
 */
record Service(
    String name, JsonObject document, long version, Instant createdAt, Instant updatedAt) {

  /** What a merge patch is applied to. A service keeps its name. */
  JsonObject changeable() {
    return document.copy();
  }

  /** What callers see: all but the secrets, which are never given back. */
  JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .mergeIn(ServiceSecrets.withheld(document))
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  /**
   * What the edge must know of it.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  EdgeService toEdge() {
    return EdgeDocument.read(
        EdgeService.class,
        EdgeObject.Kind.SERVICE,
        document.copy().put("name", name),
        UnaryOperator.identity());
  }

  /** Without the document, which may have secrets. */
  @Override
  public String toString() {
    return "Service[name=" + name + ", version=" + version + "]";
  }
}
