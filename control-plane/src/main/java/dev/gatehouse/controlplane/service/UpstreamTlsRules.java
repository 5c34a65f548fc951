package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.UpstreamTls;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.identity.CertificateRules;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the certificates of a service must be so that connections to it can succeed. */
final class UpstreamTlsRules {
  private static final String TRUST = "/tls/trust";
  private static final String CHAIN = "/tls/clientCertificate/chain";

  private UpstreamTlsRules() {}

  /**
   * Refuses what is over or too weak.
   *
   * @throws ProblemException {@code INVALID_BODY} with all that is wrong
   */
  static void check(UpstreamTls tls, Instant now) {
    List<Fault> faults = new ArrayList<>(faultsOf(TRUST, tls.authorities(), now));
    tls.clientCertificate()
        .ifPresent(shown -> faults.addAll(faultsOf(CHAIN, shown.read().chain(), now)));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
  }

  private static List<Fault> faultsOf(String place, List<X509Certificate> chain, Instant now) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < chain.size(); i++) {
      CertificateRules.faultsOfAny(chain, i, now)
          .forEach(fault -> faults.add(Fault.at(place, fault)));
    }
    return faults;
  }
}
