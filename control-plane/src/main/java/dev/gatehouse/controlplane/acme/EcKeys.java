package dev.gatehouse.controlplane.acme;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;

/** Pairs of keys of P-256, which every authority takes, as JWK while they rest. */
final class EcKeys {
  private EcKeys() {}

  static KeyPair generate() {
    try {
      return new ECKeyGenerator(Curve.P_256).generate().toKeyPair();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java runtime has P-256", e);
    }
  }

  static String write(KeyPair pair) {
    return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
        .privateKey(pair.getPrivate())
        .build()
        .toJSONString();
  }

  /**
   * Reads {@link #write} back.
   *
   * @throws IllegalStateException if it is anything else
   */
  static KeyPair read(String jwk) {
    try {
      return ECKey.parse(jwk).toKeyPair();
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException("a stored key cannot be read", e);
    }
  }
}
