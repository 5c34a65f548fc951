package dev.gatehouse.controlplane.certificate;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.identity.CertificateRules;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a certificate must be so that clients take it from a server. */
final class ServerCertificateRules {
  static final String CHAIN = "/chain";
  static final String PRIVATE_KEY = "/privateKey";

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /**
   * Gateways sign with it in each handshake, on threads that all tenants share: twice the bits take
   * six times as long.
   */
  private static final int MOST_RSA_BITS = 4096;

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
    List<Fault> faults = new ArrayList<>();
    faultsOf(chain, now).forEach(fault -> faults.add(Fault.at(CHAIN, fault)));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    if (isLongerThanNeeded(read.key())) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(
              Fault.at(
                  PRIVATE_KEY,
                  "must be an RSA key of at most "
                      + MOST_RSA_BITS
                      + " bits with its prime factors, and no number longer than it needs to be")));
    }
    at(
        PRIVATE_KEY,
        () -> {
          read.requireMatch();
          return read;
        });
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
    if (own.getPublicKey() instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits > MOST_RSA_BITS) {
        faults.add(
            "must have an RSA key of at most "
                + MOST_RSA_BITS
                + " bits for a server, or one on a curve, found "
                + bits);
      }
    }
    for (int i = 0; i < chain.size(); i++) {
      faults.addAll(CertificateRules.faultsOfAny(chain, i, now));
      if (i > 0 && !isSignedBy(chain.get(i - 1), chain.get(i))) {
        faults.add(CertificateRules.placeOf(chain, i) + "must be the issuer of the one before it");
      }
    }
    return faults;
  }

  /**
   * Numbers of the key that are right and longer than they need to be would make each signature
   * take as long as its maker likes.
   */
  private static boolean isLongerThanNeeded(PrivateKey key) {
    return key instanceof RSAPrivateKey rsa
        && (!(rsa instanceof RSAPrivateCrtKey crt)
            || crt.getModulus().bitLength() > MOST_RSA_BITS
            || !crt.getPrimeP().multiply(crt.getPrimeQ()).equals(crt.getModulus())
            || crt.getPrimeExponentP().bitLength() > crt.getPrimeP().bitLength()
            || crt.getPrimeExponentQ().bitLength() > crt.getPrimeQ().bitLength()
            || crt.getCrtCoefficient().bitLength() > crt.getPrimeP().bitLength()
            || crt.getPrivateExponent().bitLength() > crt.getModulus().bitLength());
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
