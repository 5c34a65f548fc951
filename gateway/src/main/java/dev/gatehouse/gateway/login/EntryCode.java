package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.session.Session;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a single-use code of the account host stands for. It is kept in Redis, sealed by a key that
 * the code alone holds and that is derived for the tenant and the host that it is for.
 *
 * @param challenge of the verifier that only the browser holds which began (RFC 7636)
 * @param user who has logged in
 * @param subject what the user is called there
 * @param endsAt when that ends at last
 */
record EntryCode(String challenge, Session.Origin.Account user, String subject, Instant endsAt) {
  /** How long it can be used. */
  static final Duration LIFE = Duration.ofSeconds(30);

  byte[] encode() {
    return new JsonObject()
        .put("challenge", challenge)
        .put("accountTenant", user.tenant().toString())
        .put("accountSession", user.session().toText())
        .put("accountProvider", user.provider().toString())
        .put("accountVouchedAt", user.vouchedAt().toEpochMilli())
        .put("issuer", user.issuer())
        .put("sub", user.sub())
        .put("subject", subject)
        .put("endsAt", endsAt.toEpochMilli())
        .encode()
        .getBytes(UTF_8);
  }

  /** Empty if the bytes are of another version. */
  static Optional<EntryCode> decode(byte[] bytes) {
    try {
      JsonObject json = new JsonObject(new String(bytes, UTF_8));
      return TokenDigest.parse(json.getString("accountSession"))
          .map(session ->
              new EntryCode(
                  json.getString("challenge"),
                  new Session.Origin.Account(
                      UUID.fromString(json.getString("accountTenant")),
                      session,
                      UUID.fromString(json.getString("accountProvider")),
                      Instant.ofEpochMilli(json.getLong("accountVouchedAt")),
                      json.getString("issuer"),
                      json.getString("sub")),
                  json.getString("subject"),
                  Instant.ofEpochMilli(json.getLong("endsAt"))));
    } catch (DecodeException | NullPointerException | ClassCastException _) {
      return Optional.empty();
    }
  }
}
