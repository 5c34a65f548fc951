package dev.gatehouse.controlplane.plan;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Named defaults for tenants.
 *
 * @param document all but the name: {@code title}, {@code limits}, {@code features} and {@code
 *     settings}, each only if it was given; valid by the API's document
 * @param version counts the changes
 */
record Plan(String name, JsonObject document, long version, Instant createdAt, Instant updatedAt) {

  /** What a merge patch is applied to. A plan keeps its name. */
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

  /** Its defaults for one part of a tenant's document. */
  JsonObject part(TenantPart part) {
    return document.getJsonObject(part.wireName(), new JsonObject());
  }

  /** What the edge must know of it. */
  EdgePlan toEdge() {
    JsonObject limits = part(TenantPart.LIMITS);
    JsonObject edge = new JsonObject().put("name", name).put("limits", limits);
    if (limits.containsKey("weight")) {
      edge.put("weight", limits.getValue("weight"));
    }
    return EdgeDocument.read(EdgePlan.class, EdgeObject.Kind.PLAN, edge, UnaryOperator.identity());
  }
}
