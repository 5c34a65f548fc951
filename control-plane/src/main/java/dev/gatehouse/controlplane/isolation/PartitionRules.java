package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.identity.CertificateRules;
import io.vertx.core.json.JsonObject;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the document of a partition must be, besides what the API's document says. */
final class PartitionRules {
  private static final String TRUST = "/trust";
  private static final int MOST_AUTHORITIES = 10;

  private PartitionRules() {}

  /**
   * Refuses authorities that cannot be relied on, and those that nobody would ask.
   *
   * @throws ProblemException {@code INVALID_BODY} with all that is wrong
   */
  static void check(JsonObject document, Instant now) {
    String trust = document.getString("trust");
    if (trust == null) {
      return;
    }
    List<Fault> faults = new ArrayList<>();
    String tls = document.getString("tls", PartitionAddress.DEFAULT_TLS);
    if (!tls.equals(PartitionAddress.VERIFY_FULL)) {
      faults.add(Fault.at(TRUST, "is for tls verify-full alone, found " + tls));
    }
    faultsOf(trust, now).forEach(fault -> faults.add(Fault.at(TRUST, fault)));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
  }

  private static List<String> faultsOf(String pem, Instant now) {
    List<X509Certificate> authorities;
    try {
      authorities = CertificateAndKey.parseChain(pem);
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
    if (authorities.size() > MOST_AUTHORITIES) {
      return List.of(
          "must be at most " + MOST_AUTHORITIES + " certificates, found " + authorities.size());
    }
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < authorities.size(); i++) {
      String place = CertificateRules.placeOf(authorities, i);
      CertificateRules.faultsOf(authorities.get(i), now)
          .forEach(fault -> faults.add(place + fault));
    }
    return faults;
  }
}
