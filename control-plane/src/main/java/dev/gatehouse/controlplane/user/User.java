package dev.gatehouse.controlplane.user;

import dev.gatehouse.controlplane.access.PlatformRole;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A person.
 *
 * @param issuer the identity provider
 * @param subject who it is there; unique with the issuer
 * @param email in lower case
 * @param platformRole what the user may do everywhere, beside what memberships allow
 * @param version counts the changes
 */
public record User(
    UUID id,
    String issuer,
    String subject,
    String email,
    String displayName,
    Optional<PlatformRole> platformRole,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** What a merge patch is applied to: all that can change. */
  JsonObject changeable() {
    JsonObject json = new JsonObject().put("email", email).put("displayName", displayName);
    platformRole.ifPresent(role -> json.put("platformRole", role.wireName()));
    return json;
  }

  /** The user as the API shows it. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("id", id.toString())
        .put("issuer", issuer)
        .put("subject", subject)
        .mergeIn(changeable())
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }
}
