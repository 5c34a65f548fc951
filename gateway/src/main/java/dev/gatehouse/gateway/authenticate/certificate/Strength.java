package dev.gatehouse.gateway.authenticate.certificate;

import dev.gatehouse.gateway.authenticate.jwt.RsaStrength;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Set;

/**
 * Whether a certificate could not be forged: its key, and how it was signed. Asked before anything
 * is verified, so that no key of a stranger's makes that costly.
 */
final class Strength {
  private static final String ED25519 = "1.3.101.112";
  private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";

  /** RSA, ECDSA with SHA-256, SHA-384 and SHA-512, and Ed25519 (RFC 8017, 5758 and 8410). */
  private static final Set<String> SIGNATURES =
      Set.of(
          "1.2.840.113549.1.1.11",
          "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13",
          "1.2.840.10045.4.3.2",
          "1.2.840.10045.4.3.3",
          "1.2.840.10045.4.3.4",
          ED25519);

  private static final Set<String> DIGESTS = Set.of("SHA-256", "SHA-384", "SHA-512");

  /** Of P-256, P-384 and P-521; the JDK knows no other curve of these sizes. */
  private static final Set<Integer> CURVE_BITS = Set.of(256, 384, 521);

  private Strength() {}

  /** Whether the key is strong, and the signature of an algorithm that is. */
  static boolean isFit(X509Certificate certificate) {
    return isFit(certificate.getPublicKey())
        && (SIGNATURES.contains(certificate.getSigAlgOID())
            || (RSASSA_PSS.equals(certificate.getSigAlgOID())
                && isFitPss(certificate.getSigAlgParams())));
  }

  /** Whether its signature is of those that every provider of signatures has. */
  static boolean isSignedByRsaOrEcdsa(X509Certificate certificate) {
    String algorithm = certificate.getSigAlgOID();
    return SIGNATURES.contains(algorithm) && !algorithm.equals(ED25519);
  }

  /** Whether a key is of a kind and size that counts. */
  static boolean isFit(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> RsaStrength.isFit(rsa);
      case ECPublicKey ec ->
          CURVE_BITS.contains(ec.getParams().getCurve().getField().getFieldSize());
      case EdECPublicKey ed ->
          NamedParameterSpec.ED25519.getName().equals(ed.getParams().getName());
      default -> false;
    };
  }

  /** Without parameters it is SHA-1 (RFC 4055 section 3.1). */
  private static boolean isFitPss(byte[] parameters) {
    if (parameters == null) {
      return false;
    }
    try {
      AlgorithmParameters read = AlgorithmParameters.getInstance("RSASSA-PSS");
      read.init(parameters);
      PSSParameterSpec pss = read.getParameterSpec(PSSParameterSpec.class);
      return DIGESTS.contains(pss.getDigestAlgorithm())
          && pss.getMGFParameters() instanceof MGF1ParameterSpec mask
          && DIGESTS.contains(mask.getDigestAlgorithm());
    } catch (IOException | NoSuchAlgorithmException | InvalidParameterSpecException _) {
      return false;
    }
  }
}
