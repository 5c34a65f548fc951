package dev.gatehouse.gateway.authenticate.certificate;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * One certificate that a tenant trusts to vouch for others. What it says of itself holds, other
 * than in plain path validation, which takes an anchor for a name and a key (RFC 5937 tells why).
 */
record Anchor(X509Certificate certificate) {
  /** RFC 5280 section 4.2.1.10. */
  private static final String NAME_CONSTRAINTS = "2.5.29.30";

  /**
   * Reads PEM. A certificate that is no authority's, or too weak, is left out: it vouches for
   * nobody.
   *
   * @throws CertificateException if it is not PEM, or holds something else
   */
  static List<Anchor> parse(String pem) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Anchor> anchors = new ArrayList<>();
    for (Certificate one :
        factory.generateCertificates(
            new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      if (one instanceof X509Certificate certificate
          && Usage.isForAuthorities(certificate)
          && Strength.isFit(certificate.getPublicKey())) {
        anchors.add(new Anchor(certificate));
      }
    }
    return List.copyOf(anchors);
  }

  X500Principal subject() {
    return certificate.getSubjectX500Principal();
  }

  /** Whether it may vouch across so many others (RFC 5280 section 4.2.1.9). */
  boolean admitsPathOver(int intermediates) {
    return intermediates <= certificate.getBasicConstraints();
  }

  /** Whether it may vouch for some names only. */
  boolean constrainsNames() {
    return certificate.getExtensionValue(NAME_CONSTRAINTS) != null;
  }
}
