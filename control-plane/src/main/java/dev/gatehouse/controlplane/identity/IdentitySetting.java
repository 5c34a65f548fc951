package dev.gatehouse.controlplane.identity;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a tenant has one of at most, as it is stored.
 *
 * @param document what a caller can change of it; valid by the API's document
 * @param clientSecret what the gateway proves itself with there, where it has a secret
 * @param version counts the changes
 */
record IdentitySetting(
    SettingKind kind,
    UUID tenantId,
    JsonObject document,
    Optional<SealedSecret> clientSecret,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return document.copy();
  }

  /** What callers see of it: all but the secret. */
  JsonObject toJson() {
    JsonObject json = document.copy();
    kind.client().ifPresent(place -> place.showIn(json, clientSecret));
    return json.put("createdAt", createdAt.toString()).put("updatedAt", updatedAt.toString());
  }

  /**
   * What the edge must know of it.
   *
   * @param secrets opens the secret
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  EdgeObject toEdge(Optional<ClientSecrets> secrets) {
    JsonObject edge = document.copy().put("tenantId", tenantId.toString());
    secrets.ifPresent(all -> all.reveal(edge, tenantId, clientSecret));
    return EdgeDocument.read(kind.edge().type(), kind.edge(), edge, kind::place);
  }
}
