package dev.gatehouse.controlplane.identity;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * An authority of client certificates as it is stored.
 *
 * @param document what a caller can change of it; valid by the API's document
 * @param version counts the changes
 */
record ClientAuthority(
    UUID id,
    UUID tenantId,
    JsonObject document,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return document.copy();
  }

  /** Its certificates, as PEM. */
  String certificates() {
    return document.getString("certificates");
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id.toString())
        .put("name", document.getString("name"))
        .mergeIn(document.copy())
        .put("certificateSummaries", AuthorityCertificates.parse(certificates()).summaries())
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  /**
   * What the edge must know of it.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  EdgeClientAuthority toEdge() {
    JsonObject edge = document.copy().put("id", id.toString()).put("tenantId", tenantId.toString());
    return EdgeDocument.read(
        EdgeClientAuthority.class,
        EdgeObject.Kind.CLIENT_AUTHORITY,
        edge,
        UnaryOperator.identity());
  }
}
