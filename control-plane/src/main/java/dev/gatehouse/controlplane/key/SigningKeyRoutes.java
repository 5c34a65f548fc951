package dev.gatehouse.controlplane.key;

import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.key.SigningKeyService.Rotation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;

/** What an operator sees of the signing keys and does with them. Blocks: virtual threads only. */
public final class SigningKeyRoutes {
  private final SigningKeyService service;

  /** Routes over this service. */
  public SigningKeyRoutes(SigningKeyService service) {
    this.service = service;
  }

  /** Binds {@code GET /v1/signing-keys} and {@code POST /v1/signing-keys/rotate}. */
  public void bind(Api api) {
    api.perform("listSigningKeys", (_, connection) -> Answer.ok(list(connection)))
        .perform(
            "rotateSigningKey",
            (request, tx) ->
                rotate(
                    tx,
                    request.query("purpose").map(Purpose::fromWireName).orElse(Purpose.CONTEXT)));
  }

  /** All published keys, in the order they sign; those of one purpose stand together. */
  JsonObject list(SqlConnection connection) {
    List<SigningKey> keys = service.published(connection);
    Instant now = service.now();
    JsonArray items = new JsonArray();
    keys.forEach(key -> items.add(jsonOf(key, keys, now)));
    return JsonObject.of("items", items);
  }

  /** Makes a successor of the key that is used for this, unless one waits already. */
  Answer rotate(SqlConnection tx, Purpose purpose) {
    Rotation rotation = service.rotate(tx, purpose);
    Answer answer = Answer.ok(jsonOf(rotation.next(), service.published(tx), service.now()));
    return rotation.revision().isPresent()
        ? answer.atRevision(rotation.revision().getAsLong())
        : answer;
  }

  private static JsonObject jsonOf(SigningKey key, List<SigningKey> all, Instant now) {
    JsonObject json =
        JsonObject.of(
            "kid", key.kid(),
            "purpose", key.purpose().wireName(),
            "state", stateOf(key, all, now),
            "publishedAt", key.publishedAt().toString(),
            "signsFrom", key.signsFrom().toString());
    key.publishedUntil().ifPresent(end -> json.put("publishedUntil", end.toString()));
    key.publicJwk().ifPresent(jwk -> json.put("publicKey", new JsonObject(jwk)));
    return json;
  }

  private static String stateOf(SigningKey key, List<SigningKey> all, Instant now) {
    if (key.signsFrom().isAfter(now)) {
      return "published";
    }
    boolean replaced =
        all.stream()
            .anyMatch(other ->
                other.purpose() == key.purpose()
                    && other.signsFrom().isAfter(key.signsFrom())
                    && !other.signsFrom().isAfter(now));
    return replaced ? "retiring" : "signing";
  }
}
