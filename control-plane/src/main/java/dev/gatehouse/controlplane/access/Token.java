package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.TokenBounds;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A token of an operator or a gateway, without its secret.
 *
 * @param id the public part
 * @param name what it was made for
 * @param role of an operator's token; a gateway's has none
 * @param hash SHA-256 of the whole
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Token(
    String id,
    SecretToken.Kind kind,
    String name,
    Optional<PlatformRole> role,
    TokenBounds bounds,
    byte[] hash,
    Instant createdAt,
    Optional<Instant> lastUsedAt) {

  /** All that it may be used for. */
  Set<Permission> permissions() {
    return bounds.narrow(role.map(PlatformRole::permissions).orElse(Set.of()));
  }

  /** Whether it may do everything, for ever. */
  boolean isLastingAdmin() {
    return role.equals(Optional.of(PlatformRole.ADMIN)) && bounds.equals(TokenBounds.NONE);
  }

  Caller caller() {
    return new Caller(
        id, name, Optional.empty(), role.map(PlatformRole::wireName), permissions(), bounds);
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id)
            .put("kind", kind.name().toLowerCase(Locale.ROOT))
            .put("name", name);
    role.ifPresent(r -> json.put("role", r.wireName()));
    bounds.scopes().ifPresent(scopes -> json.put("scopes", Permissions.toJson(scopes)));
    bounds.gateways().ifPresent(names -> json.put("gateway", names.text()));
    bounds.expiresAt().ifPresent(instant -> json.put("expiresAt", instant.toString()));
    lastUsedAt.ifPresent(instant -> json.put("lastUsedAt", instant.toString()));
    return json.put("createdAt", createdAt.toString());
  }
}
