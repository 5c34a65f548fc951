package dev.gatehouse.controlplane.identity;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * What a certificate must be to be relied on, and for others to be trusted on its word (RFC 5280
 * section 4.2.1).
 */
public final class CertificateRules {
  private static final int KEY_CERT_SIGN = 5;
  private static final int LEAST_RSA_BITS = 2048;

  /** Verifying takes the longer the larger a key is, and tenants share the gateways. */
  private static final int MOST_RSA_BITS = 8192;

  /** Verifying with an exponent as long as the key takes as long as signing; 65537 has 17 bits. */
  private static final int MOST_EXPONENT_BITS = 33;

  private static final int LEAST_EC_BITS = 256;
  private static final int LONGEST_NAME = 200;
  private static final Pattern WEAK = Pattern.compile("(?i)(MD[245]|SHA-?1)(with.*)?");

  private CertificateRules() {}

  /** What is wrong with an authority's; empty if nothing is. */
  public static List<String> faultsOf(X509Certificate certificate, Instant now) {
    List<String> faults = new ArrayList<>();
    if (certificate.getBasicConstraints() == -1) {
      faults.add("must be a certificate authority's: its basicConstraints do not say CA");
    }
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      faults.add("must be for signing certificates: its keyUsage has no keyCertSign");
    }
    faults.addAll(faultsOfAny(certificate, now));
    return faults;
  }

  /** What is wrong with it, whatever it is for: its time, its key, its signature. */
  public static List<String> faultsOfAny(X509Certificate certificate, Instant now) {
    List<String> faults = new ArrayList<>();
    Instant end = certificate.getNotAfter().toInstant();
    if (end.isBefore(now)) {
      faults.add("must be valid: it has expired on " + end);
    }
    faultOf(certificate.getPublicKey()).ifPresent(faults::add);
    String digest = digestOf(certificate);
    // Nobody looks at the signature of what is trusted by itself.
    if (WEAK.matcher(digest).matches() && !isSelfSigned(certificate)) {
      faults.add("must not be signed by " + digest + ", for which others can find a signature");
    }
    return faults;
  }

  /** The same of one of a chain, each fault after {@link #placeOf} of it. */
  public static List<String> faultsOfAny(List<X509Certificate> chain, int index, Instant now) {
    return faultsOfAny(chain.get(index), now).stream()
        .map(fault -> placeOf(chain, index) + fault)
        .toList();
  }

  /** Which one of a chain it is, such as {@code certificate 2 (CN=Acme)} and a space. */
  public static String placeOf(List<X509Certificate> chain, int index) {
    return "certificate " + (index + 1) + " (" + nameOf(chain.get(index)) + ") ";
  }

  /** Its subject, as far as it is readable. */
  public static String nameOf(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }

  private static Optional<String> faultOf(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> {
        int bits = rsa.getModulus().bitLength();
        int exponentBits = rsa.getPublicExponent().bitLength();
        if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
          yield Optional.of(
              "must have an RSA key of "
                  + LEAST_RSA_BITS
                  + " to "
                  + MOST_RSA_BITS
                  + " bits, found "
                  + bits);
        }
        yield exponentBits <= MOST_EXPONENT_BITS
            ? Optional.empty()
            : Optional.of(
                "must have an RSA key whose exponent has at most "
                    + MOST_EXPONENT_BITS
                    + " bits, such as 65537, found "
                    + exponentBits);
      }
      case ECPublicKey ec -> {
        int bits = ec.getParams().getOrder().bitLength();
        yield bits >= LEAST_EC_BITS
            ? Optional.empty()
            : Optional.of(
                "must have a key on a curve of " + LEAST_EC_BITS + " bits, found " + bits);
      }
      case EdECPublicKey _ -> Optional.empty();
      default ->
          Optional.of("must have an RSA, EC or EdDSA key, found one of " + key.getAlgorithm());
    };
  }

  /** The algorithm of its signature; for RSASSA-PSS, the digest, which stands apart. */
  private static String digestOf(X509Certificate certificate) {
    String name = certificate.getSigAlgName();
    if (!name.equals("RSASSA-PSS")) {
      return name;
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance(name);
      parameters.init(certificate.getSigAlgParams());
      return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
    } catch (GeneralSecurityException | IOException _) {
      return "SHA-1"; // what holds where nothing is said (RFC 8017 appendix A.2.3)
    }
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
