package dev.gatehouse.controlplane.certificate;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.identity.CertificateRules;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a certificate must be so that clients take it from a server. */
final class ServerCertificateRules {
  static final String CHAIN = "/chain";
  static final String PRIVATE_KEY = "/privateKey";

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private ServerCertificateRules() {}

  /**
   * Reads what a caller gave.
   *
   * @throws ProblemException {@code INVALID_BODY} with all that is wrong; nothing of the key is
   *     repeated
   */
  static CertificateAndKey read(JsonObject document, Instant now) {
    String pem = document.getString("chain");
    List<X509Certificate> chain = at(CHAIN, () -> CertificateAndKey.parseChain(pem));
    CertificateAndKey read =
        at(PRIVATE_KEY, () -> CertificateAndKey.parse(pem, document.getString("privateKey")));
    at(
        PRIVATE_KEY,
        () -> {
          read.requireMatch();
          return read;
        });
    List<Fault> faults = new ArrayList<>();
    faultsOf(chain, now).forEach(fault -> faults.add(Fault.at(CHAIN, fault)));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    return read;
  }

  private static <T> T at(String place, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.INVALID_BODY, List.of(Fault.at(place, String.valueOf(e.getMessage()))));
    }
  }

  private static List<String> faultsOf(List<X509Certificate> chain, Instant now) {
    List<String> faults = new ArrayList<>();
    X509Certificate own = chain.getFirst();
    if (CertificateAndKey.namesOf(own).isEmpty()) {
      faults.add("must name hosts: its subjectAltName has no DNS name");
    }
    if (!isForServers(own)) {
      faults.add("must be for servers: its extendedKeyUsage has no serverAuth");
    }
    for (int i = 0; i < chain.size(); i++) {
      faults.addAll(CertificateRules.faultsOfAny(chain, i, now));
      if (i > 0 && !isSignedBy(chain.get(i - 1), chain.get(i))) {
        faults.add(CertificateRules.placeOf(chain, i) + "must be the issuer of the one before it");
      }
    }
    return faults;
  }

  private static boolean isForServers(X509Certificate certificate) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      return usages == null || usages.contains(SERVER_AUTH);
    } catch (CertificateParsingException _) {
      return false;
    }
  }

  private static boolean isSignedBy(X509Certificate below, X509Certificate above) {
    try {
      below.verify(above.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
