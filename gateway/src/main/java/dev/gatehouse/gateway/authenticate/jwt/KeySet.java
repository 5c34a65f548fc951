package dev.gatehouse.gateway.authenticate.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one issuer, {@value #MAX_KEYS} at most; what cannot verify a signature is left out.
 */
record KeySet(List<VerificationKey> keys) {
  /** No issuer rotates more at once. */
  static final int MAX_KEYS = 100;

  /** A token without a {@code kid} may be tried with so many. */
  private static final int MAX_CANDIDATES = 4;

  /**
   * Reads a JWKS document (RFC 7517 section 5).
   *
   * @throws ParseException if it is none
   */
  static KeySet parse(String document) throws ParseException {
    return new KeySet(
        JWKSet.parse(document).getKeys().stream()
            .limit(MAX_KEYS)
            .map(VerificationKey::of)
            .flatMap(Optional::stream)
            .toList());
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
        .limit(MAX_CANDIDATES)
        .toList();
  }
}
