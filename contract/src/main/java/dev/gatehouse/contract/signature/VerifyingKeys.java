package dev.gatehouse.contract.signature;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds keys by their names. May wait; what is thrown reaches the caller of the verifier. */
@FunctionalInterface
public interface VerifyingKeys {
  /** The key of this name, if there is one. */
  Optional<VerifyingKey> of(String keyid);

  /**
   * A fixed set of keys.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  static VerifyingKeys of(Collection<VerifyingKey> keys) {
    Map<String, VerifyingKey> byName = new HashMap<>();
    for (VerifyingKey key : keys) {
      if (byName.put(key.keyid(), key) != null) {
        throw new IllegalArgumentException("there are two keys of the name " + key.keyid());
      }
    }
    return keyid -> Optional.ofNullable(byName.get(keyid));
  }

  /**
   * The Ed25519 keys of a JWKS document; other keys in it are passed over, secrets too: they have
   * no place in what is published.
   *
   * @throws IllegalArgumentException if it is none
   */
  static VerifyingKeys ofJwks(String jwks) {
    try {
      List<JWK> keys = JWKSet.parse(jsonOf(jwks)).getKeys();
      return of(
          keys.stream()
              .filter(OctetKeyPair.class::isInstance)
              .flatMap(key -> VerifyingKey.of(key, Optional.empty()).stream())
              .collect(Collectors.toList()));
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a JWKS document", e);
    }
  }

  private static Map<String, Object> jsonOf(String jwks) throws ParseException {
    Map<String, Object> json = JSONObjectUtils.parse(jwks);
    if (json == null) {
      throw new ParseException("null", 0);
    }
    return json;
  }
}
