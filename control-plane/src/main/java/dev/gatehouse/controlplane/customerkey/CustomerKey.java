package dev.gatehouse.controlplane.customerkey;

import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A tenant's own key-encryption key, as it is stored: where it is, and what it has made of the key
 * that wraps the tenant's keysets.
 *
 * @param id names the key that wraps
 * @param document where the key is; valid by the API's document
 * @param token opens the service
 * @param wrapped what the service has made of {@link WrappingKey}
 * @param unansweredFor how long ago any instance was given the key, by the database's clock
 * @param reason why it is withheld, where it is
 * @param withheldAt since when
 * @param version counts the changes
 */
record CustomerKey(
    UUID tenantId,
    UUID id,
    JsonObject document,
    SealedSecret token,
    String wrapped,
    Duration unansweredFor,
    Optional<String> reason,
    Optional<Instant> withheldAt,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  KeyPlace place() {
    return KeyPlace.of(document);
  }

  /** What callers see of it: all but the token. */
  JsonObject toJson() {
    JsonObject json =
        document
            .copy()
            .put("mount", place().mount())
            .put("state", withheldAt.isPresent() ? "withheld" : "held");
    withheldAt.ifPresent(since -> json.put("withheldSince", since.toString()));
    reason.ifPresent(why -> json.put("reason", why));
    return json.put("tokenSetAt", token.setAt().toString())
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }
}
