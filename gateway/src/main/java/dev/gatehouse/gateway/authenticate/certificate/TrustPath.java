package dev.gatehouse.gateway.authenticate.certificate;

import dev.gatehouse.gateway.sign.NativeCryptography;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates from a client's own to the anchor that vouches for it, each signed by the next,
 * and when all of them are valid. One that is expired or to come has a path all the same: it is
 * genuine, and its holder may know what is wrong with it.
 *
 * @param fromMillis when the last of them becomes valid
 * @param untilMillis when the first of them expires; at that moment it is still valid
 */
record TrustPath(long fromMillis, long untilMillis) {
  /** Whose signatures are verified in a fifth of the JDK's time; null where it is not to be had. */
  private static final @Nullable String SIGNATURES =
      NativeCryptography.provider().map(TrustPath::nameOf).orElse(null);

  /** Path validation knows providers by their names only: it becomes the last of all. */
  private static String nameOf(Provider provider) {
    Security.addProvider(provider);
    return provider.getName();
  }

  /**
   * Finds it. Takes as many verifications as the chain is long, for each anchor that has the name
   * of the last one's issuer.
   *
   * @param chain as the client sent it; its own comes first, the others in any order and number
   *     (RFC 8446 section 4.4.2)
   * @throws CertificateRefusedException if there is none, or something in it is weak
   */
  static TrustPath find(List<X509Certificate> chain, List<Anchor> anchors, long nowMillis)
      throws CertificateRefusedException {
    List<X509Certificate> path = new ArrayList<>();
    List<X509Certificate> rest = new ArrayList<>(chain);
    X509Certificate last = rest.removeFirst();
    path.add(last);
    List<Anchor> issuers = issuersOf(last, anchors);
    while (issuers.isEmpty()) {
      X509Certificate next = takeIssuer(last, rest);
      path.add(next);
      last = next;
      issuers = issuersOf(last, anchors);
    }
    if (!path.stream().allMatch(Strength::isFit)) {
      throw new CertificateRefusedException(CertificateFault.WEAK);
    }
    return validated(path, issuers, nowMillis);
  }

  private static List<Anchor> issuersOf(X509Certificate certificate, List<Anchor> anchors) {
    return anchors.stream()
        .filter(anchor -> anchor.subject().equals(certificate.getIssuerX500Principal()))
        .toList();
  }

  private static X509Certificate takeIssuer(X509Certificate certificate, List<X509Certificate> rest)
      throws CertificateRefusedException {
    for (X509Certificate candidate : rest) {
      if (candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
        rest.remove(candidate);
        return candidate;
      }
    }
    throw new CertificateRefusedException(CertificateFault.UNKNOWN_AUTHORITY);
  }

  /** Of several anchors of one name the one whose path is valid now, else any that has one. */
  private static TrustPath validated(
      List<X509Certificate> path, List<Anchor> issuers, long nowMillis)
      throws CertificateRefusedException {
    List<TrustPath> found = new ArrayList<>();
    for (Anchor issuer : issuers) {
      TrustPath candidate = timesOf(path, issuer);
      if (issuer.admitsPathOver(path.size() - 1)
          && candidate.fromMillis <= candidate.untilMillis
          && isGenuine(path, issuer, candidate.closestTo(nowMillis))) {
        found.add(candidate);
      }
    }
    return found.stream()
        .filter(candidate -> candidate.closestTo(nowMillis) == nowMillis)
        .findFirst()
        .or(() -> found.stream().findFirst())
        .orElseThrow(() -> new CertificateRefusedException(CertificateFault.UNKNOWN_AUTHORITY));
  }

  private static TrustPath timesOf(List<X509Certificate> path, Anchor issuer) {
    List<X509Certificate> all =
        Stream.concat(path.stream(), Stream.of(issuer.certificate())).toList();
    return new TrustPath(
        all.stream().mapToLong(one -> millis(one.getNotBefore())).max().orElseThrow(),
        all.stream().mapToLong(one -> millis(one.getNotAfter())).min().orElseThrow());
  }

  @SuppressWarnings("JavaUtilDate") // It is what certificates have.
  private static long millis(Date date) {
    return date.toInstant().toEpochMilli();
  }

  private long closestTo(long nowMillis) {
    return Math.clamp(nowMillis, fromMillis, untilMillis);
  }

  /**
   * RFC 5280 section 6, at a time at which nothing has expired. The JDK knows no name constraints
   * of anchors: one that has them becomes the last of the path, signed by itself. One that is
   * signed by another then vouches for nobody.
   */
  @SuppressWarnings("JavaUtilDate")
  private static boolean isGenuine(List<X509Certificate> path, Anchor issuer, long atMillis) {
    List<X509Certificate> whole = new ArrayList<>(path);
    if (issuer.constrainsNames()) {
      whole.add(issuer.certificate());
    }
    try {
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(whole);
      PKIXParameters parameters =
          new PKIXParameters(Set.of(new TrustAnchor(issuer.certificate(), null)));
      parameters.setRevocationEnabled(false);
      if (whole.stream().allMatch(Strength::isSignedByRsaOrEcdsa)) {
        parameters.setSigProvider(SIGNATURES);
      }
      parameters.setDate(Date.from(Instant.ofEpochMilli(atMillis)));
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return true;
    } catch (GeneralSecurityException | RuntimeException _) {
      // Also a fault of the parser: whatever a stranger sends is no fault of the gateway.
      return false;
    }
  }
}
