package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.audit.Sha256;
import dev.gatehouse.gateway.admit.GatewayCookies;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * A login that has begun, as the browser keeps it, sealed.
 *
 * @param provider with which
 * @param state what the provider sends back, so that the answer belongs to this browser (RFC 6749
 *     section 10.12)
 * @param nonce what the ID token must hold (OpenID Connect Core section 3.1.2.1)
 * @param verifier what proves that the code was asked for here (RFC 7636)
 * @param redirectUri where the provider sends the browser
 * @param returnTo where the user wanted to go
 * @param endsAt until when it can be ended
 */
record LoginAttempt(
    UUID provider,
    String state,
    String nonce,
    String verifier,
    String redirectUri,
    String returnTo,
    Instant endsAt) {
  /** How long a user may take to log in. */
  static final Duration LIFE = Duration.ofMinutes(10);

  /** So many logins a browser may have begun at once; older ones make room. */
  private static final int SLOTS = 4;

  private static final SecureRandom RANDOM = new SecureRandom();

  static LoginAttempt begin(UUID provider, String redirectUri, String returnTo, Instant now) {
    return new LoginAttempt(
        provider, random(), random(), random(), redirectUri, returnTo, now.plus(LIFE));
  }

  /** The name of the cookie for a login of that state. */
  static String cookieFor(String state) {
    int slot = state.isEmpty() ? 0 : state.charAt(0) % SLOTS;
    return GatewayCookies.PREFIX + "login-" + slot;
  }

  /** What is sent in the place of the verifier (RFC 7636 section 4.2, S256). */
  String challenge() {
    byte[] digest = Sha256.of(verifier.getBytes(US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  /** Whether a provider's answer is to this. */
  boolean isOfState(String said) {
    return MessageDigest.isEqual(state.getBytes(UTF_8), said.getBytes(UTF_8));
  }

  byte[] encode() {
    return new JsonObject()
        .put("provider", provider.toString())
        .put("state", state)
        .put("nonce", nonce)
        .put("verifier", verifier)
        .put("redirectUri", redirectUri)
        .put("returnTo", returnTo)
        .put("endsAt", endsAt.toEpochMilli())
        .encode()
        .getBytes(UTF_8);
  }

  /** Empty if the bytes are of another version. */
  static Optional<LoginAttempt> decode(byte[] bytes) {
    try {
      JsonObject json = new JsonObject(new String(bytes, UTF_8));
      return Optional.of(
          new LoginAttempt(
              UUID.fromString(json.getString("provider")),
              json.getString("state"),
              json.getString("nonce"),
              json.getString("verifier"),
              json.getString("redirectUri"),
              json.getString("returnTo"),
              Instant.ofEpochMilli(json.getLong("endsAt"))));
    } catch (DecodeException | NullPointerException | ClassCastException _) {
      return Optional.empty();
    }
  }

  private static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "LoginAttempt[" + provider + ", until " + endsAt + "]";
  }
}
