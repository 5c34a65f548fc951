package dev.gatehouse.gateway.authenticate.certificate;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One authority as one tenant trusts it. Immutable; any thread.
 *
 * @param edge what the control plane said of it
 */
record ClientAuthority(EdgeClientAuthority edge, List<Anchor> anchors) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientAuthority.class);

  /** One whose anchors cannot be read vouches for nobody. */
  static ClientAuthority of(EdgeClientAuthority edge) {
    try {
      return new ClientAuthority(edge, Anchor.parse(edge.certificates()));
    } catch (CertificateException e) {
      LOG.warn("client authority {} vouches for nobody: {}", edge.id(), e.getMessage());
      return new ClientAuthority(edge, List.of());
    }
  }

  /**
   * Whom a chain stands for.
   *
   * @param untilMillis until when that is so
   */
  record Vouched(Principal principal, long untilMillis) {}

  /**
   * Tells whom a chain stands for.
   *
   * @throws CertificateRefusedException if it is nobody
   */
  Vouched vouch(List<X509Certificate> chain, long nowMillis) throws CertificateRefusedException {
    X509Certificate own = chain.getFirst();
    TrustPath path = TrustPath.find(chain, anchors, nowMillis);
    String serial = serialOf(own);
    if (revokes(edge, serial)) {
      throw new CertificateRefusedException(CertificateFault.REVOKED);
    }
    if (nowMillis < path.fromMillis()) {
      throw new CertificateRefusedException(CertificateFault.NOT_YET_VALID);
    }
    if (nowMillis > path.untilMillis()) {
      throw new CertificateRefusedException(CertificateFault.EXPIRED);
    }
    if (!Usage.isForClients(own)) {
      throw new CertificateRefusedException(CertificateFault.NOT_FOR_CLIENTS);
    }
    String subject =
        Subject.of(own, edge)
            .orElseThrow(() -> new CertificateRefusedException(CertificateFault.SUBJECT));
    return new Vouched(
        new Principal(
            subject,
            edge.roles().orElse(Set.of()),
            edge.scopes().orElse(Set.of()),
            new Credential.Certificate(edge, serial)),
        path.untilMillis());
  }

  static boolean revokes(EdgeClientAuthority authority, String serial) {
    return authority.revokedSerials().orElse(Set.of()).contains(serial);
  }

  /** A negative one, which RFC 5280 section 4.1.2.2 does not allow, is on no list. */
  private static String serialOf(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16);
  }
}
