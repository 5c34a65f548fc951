package dev.gatehouse.controlplane.identity;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An identity provider as it is stored.
 *
 * @param document what a caller can change of it; valid by the API's document
 * @param clientSecret what the gateway logs users in with, where it has a secret
 * @param revocations which of its tokens are refused
 * @param version counts the changes
 */
record IdentityProvider(
    UUID id,
    UUID tenantId,
    JsonObject document,
    Optional<SealedSecret> clientSecret,
    Revocations revocations,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * Tokens that are refused although they are valid.
   *
   * @param validFrom those that were issued before
   * @param subjects those that were issued to a subject before a time, by subject
   */
  record Revocations(Optional<Instant> validFrom, JsonObject subjects) {
    /** The last of the times; empty if nothing is revoked. */
    Optional<Instant> latest() {
      Stream<Instant> ofSubjects =
          subjects.stream().map(subject -> Instant.parse((String) subject.getValue()));
      return Stream.concat(validFrom.stream(), ofSubjects).max(Comparator.naturalOrder());
    }

    private void writeTo(JsonObject json) {
      validFrom.ifPresent(instant -> json.put("validFrom", instant.toString()));
      if (!subjects.isEmpty()) {
        json.put("revokedSubjects", subjects);
      }
    }
  }

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return document.copy();
  }

  /** What callers see of it: all but the secret. */
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id.toString())
            .put("name", document.getString("name"))
            .put("issuer", document.getString("issuer"))
            .mergeIn(document.copy());
    ClientPlace.LOGIN.showIn(json, clientSecret);
    revocations.writeTo(json);
    return json.put("createdAt", createdAt.toString()).put("updatedAt", updatedAt.toString());
  }

  /**
   * What the edge must know of it.
   *
   * @param secrets opens the secret
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  EdgeIdentityProvider toEdge(ClientSecrets secrets) {
    JsonObject edge = document.copy().put("id", id.toString()).put("tenantId", tenantId.toString());
    if (!edge.containsKey("audiences")) {
      edge.put("audiences", new JsonArray());
    }
    secrets.reveal(edge, id, clientSecret);
    revocations.writeTo(edge);
    return EdgeDocument.read(
        EdgeIdentityProvider.class, EdgeObject.Kind.IDENTITY_PROVIDER, edge, this::place);
  }

  /** The contract says of keys as a whole what is wrong with the ones or the others. */
  private String place(String pointer) {
    JsonObject keys = document.getJsonObject("keys");
    return pointer.equals("/keys") && keys.size() == 1
        ? pointer + "/" + keys.fieldNames().iterator().next()
        : pointer;
  }
}
