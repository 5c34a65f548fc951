package dev.gatehouse.contract.context;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes the gateways' keys and publishes their public halves. */
public final class SigningKeys {
  private static final int SECRET_BITS = 256;

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

  /** A new secret of 256 bits as a JWK; its {@code kid} says nothing of it. */
  public static String generateSecret() {
    try {
      return new OctetSequenceKeyGenerator(SECRET_BITS)
          .keyID(UUID.randomUUID().toString())
          .generate()
          .toJSONString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java runtime has random numbers", e);
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
   * The public half of a key; empty if it has none, since it is a secret.
   *
   * @throws IllegalArgumentException if the text is not a JWK
   */
  public static Optional<String> publicHalfOf(String jwk) {
    return Optional.ofNullable(parse(jwk).toPublicJWK()).map(JWK::toJSONString);
  }

  /**
   * The JWKS document (RFC 7517 section 5) with the public halves of these keys; secrets, which
   * have none, are left out.
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
      return JWK.parse(jwk);
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a key as a JWK", e);
    }
  }
}
