package dev.gatehouse.controlplane.member;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The way into a tenant for whoever has an email address, without its secret.
 *
 * @param email in lower case
 * @param role which role the member gets
 * @param invitedBy the user who invites; empty if it is the platform
 * @param hash SHA-256 of the token
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Invitation(
    String id,
    UUID tenant,
    String email,
    String role,
    Optional<UUID> invitedBy,
    byte[] hash,
    Instant expiresAt,
    Instant createdAt) {
  JsonObject toJson() {
    JsonObject json = new JsonObject().put("id", id).put("email", email).put("role", role);
    invitedBy.ifPresent(user -> json.put("invitedBy", user.toString()));
    return json.put("expiresAt", expiresAt.toString()).put("createdAt", createdAt.toString());
  }
}
