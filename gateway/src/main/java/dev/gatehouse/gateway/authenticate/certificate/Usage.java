package dev.gatehouse.gateway.authenticate.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** What a certificate says that it is for. */
final class Usage {
  /** RFC 5280 section 4.2.1.12. */
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;

  private Usage() {}

  /**
   * Whether a client may show it as its own: it is no authority's, and where it says what it is
   * for, it is for signatures (RFC 5280 section 4.2.1.3) and for clients.
   */
  static boolean isForClients(X509Certificate certificate) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return certificate.getBasicConstraints() < 0
          && allows(certificate, DIGITAL_SIGNATURE)
          && (purposes == null || purposes.contains(CLIENT_AUTH));
    } catch (CertificateParsingException _) {
      return false;
    }
  }

  /** Whether it may vouch for others. */
  static boolean isForAuthorities(X509Certificate certificate) {
    return certificate.getBasicConstraints() >= 0 && allows(certificate, KEY_CERT_SIGN);
  }

  private static boolean allows(X509Certificate certificate, int use) {
    boolean[] uses = certificate.getKeyUsage();
    return uses == null || uses[use];
  }
}
