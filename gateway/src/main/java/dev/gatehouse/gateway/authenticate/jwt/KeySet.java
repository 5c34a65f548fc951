package dev.gatehouse.gateway.authenticate.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.gateway.bounds.Bound;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one issuer, {@value #MAX_KEYS} at most; what cannot verify a signature is left out.
 */
record KeySet(List<VerificationKey> keys) {
  /** No issuer rotates more at once. */
  @Bound(
      of = "keys of one identity provider",
      unit = "keys",
      atIt = "further ones are left out",
      metric = "gatehouse_tokens_total{outcome=\"unknown-key\"}")
  static final int MAX_KEYS = 100;

  /** A token without a {@code kid} may be tried with so many. */
  private static final int MAX_CANDIDATES = 2;

  /**
   * Reads a JWKS document (RFC 7517 section 5).
   *
   * @throws ParseException if it is none
   */
  static KeySet parse(String document) throws ParseException {
    List<Object> members = JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(document), "keys");
    if (members == null) {
      throw new ParseException("there is no member \"keys\"", 0);
    }
    return new KeySet(
        members.stream().limit(MAX_KEYS).map(KeySet::keyOf).flatMap(Optional::stream).toList());
  }

  /** What cannot be read is left out, and does not spoil the others (RFC 7517 section 5). */
  @SuppressWarnings("unchecked") // An object of JSON has texts for names.
  private static Optional<VerificationKey> keyOf(@Nullable Object member) {
    if (!(member instanceof Map<?, ?> key)) {
      return Optional.empty();
    }
    try {
      return VerificationKey.of(JWK.parse((Map<String, Object>) key));
    } catch (ParseException | RuntimeException _) {
      return Optional.empty();
    }
  }

  /**
   * The keys that may have signed a token.
   *
   * @param kid what the token names; null if it names none
   */
  List<VerificationKey> candidates(@Nullable String kid, JWSAlgorithm algorithm) {
    return keys.stream()
        .filter(key -> key.algorithms().contains(algorithm))
        .filter(key -> kid == null || kid.equals(key.kid()))
        .limit(kid == null ? MAX_CANDIDATES : 1)
        .toList();
  }
}
