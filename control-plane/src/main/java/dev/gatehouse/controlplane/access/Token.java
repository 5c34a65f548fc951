package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/**
 * A token of an operator or a gateway, without its secret.
 *
 * @param id the public part
 * @param name what it was made for
 * @param hash SHA-256 of the whole
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Token(String id, SecretToken.Kind kind, String name, byte[] hash, Instant createdAt) {
  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("kind", kind.name().toLowerCase(Locale.ROOT))
        .put("name", name)
        .put("createdAt", createdAt.toString());
  }
}
