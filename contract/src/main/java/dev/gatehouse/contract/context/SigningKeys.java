package dev.gatehouse.contract.context;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Makes signing keys and publishes their public halves. */
public final class SigningKeys {
  private SigningKeys() {}

  /** A new P-256 private key as a JWK; its {@code kid} is its thumbprint (RFC 7638). */
  public static String generate() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint(true)
          .generate()
          .toJSONString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java runtime has P-256", e);
    }
  }

  /**
   * The {@code kid} of a key.
   *
   * @throws IllegalArgumentException if the text is not a JWK
   */
  public static String kidOf(String jwk) {
    return parse(jwk).getKeyID();
  }

  /**
   * The JWKS document (RFC 7517 section 5) with the public halves of these keys.
   *
   * @throws IllegalArgumentException if one of them is not a JWK
   */
  public static String publicJwks(Collection<String> jwks) {
    List<JWK> keys = new ArrayList<>();
    jwks.forEach(jwk -> keys.add(parse(jwk)));
    return new JWKSet(keys).toString(true);
  }

  private static JWK parse(String jwk) {
    try {
      return ECKey.parse(jwk);
    } catch (ParseException e) {
      throw new IllegalArgumentException("not an EC key as a JWK", e);
    }
  }
}
