package dev.gatehouse.gateway.authenticate.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.gateway.sign.NativeCryptography;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that verifies, for the algorithms that its own type and words admit: a token cannot have it
 * used for another (RFC 8725 section 3.1).
 *
 * @param kid its name; null if it has none
 */
record VerificationKey(@Nullable String kid, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {
  /** Empty if it is no key that verifies signatures here: of another kind, use, size or curve. */
  static Optional<VerificationKey> of(JWK jwk) {
    if (jwk.isPrivate() || !isToVerify(jwk)) {
      return Optional.empty();
    }
    try {
      Set<JWSAlgorithm> possible = possible(jwk);
      Set<JWSAlgorithm> admitted =
          jwk.getAlgorithm() == null
              ? possible
              : possible.contains(jwk.getAlgorithm())
                  ? Set.of(JWSAlgorithm.parse(jwk.getAlgorithm().getName()))
                  : Set.of();
      return admitted.isEmpty()
          ? Optional.empty()
          : Optional.of(new VerificationKey(jwk.getKeyID(), admitted, verifier(jwk)));
    } catch (JOSEException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether the signature is this key's. */
  boolean verifies(JWSObject signed) {
    return verifies(signed.getHeader(), signed.getSigningInput(), signed.getSignature());
  }

  /** Whether the signature is this key's, over this input. */
  boolean verifies(JWSHeader header, byte[] input, Base64URL signature) {
    try {
      return verifier.verify(header, input, signature);
    } catch (JOSEException _) {
      // Of a form that this key's signatures do not have.
      return false;
    }
  }

  /** RFC 7517 sections 4.2 and 4.3. */
  private static boolean isToVerify(JWK jwk) {
    return (jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse()))
        && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static Set<JWSAlgorithm> possible(JWK jwk) throws JOSEException {
    return switch (jwk) {
      case ECKey ec -> ofCurve(ec.getCurve());
      case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) ->
          Set.of(JWSAlgorithm.EdDSA);
      case RSAKey rsa when RsaStrength.isFit(rsa.toRSAPublicKey()) -> JWSAlgorithm.Family.RSA;
      default -> Set.of();
    };
  }

  private static Set<JWSAlgorithm> ofCurve(Curve curve) {
    if (Curve.P_256.equals(curve)) {
      return Set.of(JWSAlgorithm.ES256);
    }
    if (Curve.P_384.equals(curve)) {
      return Set.of(JWSAlgorithm.ES384);
    }
    return Curve.P_521.equals(curve) ? Set.of(JWSAlgorithm.ES512) : Set.of();
  }

  private static JWSVerifier verifier(JWK jwk) throws JOSEException {
    JWSVerifier verifier =
        switch (jwk) {
          case ECKey ec -> new ECDSAVerifier(ec);
          case RSAKey rsa -> new RSASSAVerifier(rsa);
          case OctetKeyPair pair -> new Ed25519Verifier(pair);
          default -> throw new IllegalArgumentException("no signatures by " + jwk.getKeyType());
        };
    NativeCryptography.provider().ifPresent(verifier.getJCAContext()::setProvider);
    return verifier;
  }
}
