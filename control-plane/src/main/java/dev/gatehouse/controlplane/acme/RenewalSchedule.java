package dev.gatehouse.controlplane.acme;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.certificate.HostCertificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When a certificate is renewed, and when an order that failed is tried again: so that Let's
 * Encrypt's five failed validations of a host an hour are never reached.
 *
 * @see <a href="https://letsencrypt.org/docs/rate-limits/">Rate limits of Let's Encrypt</a>
 */
final class RenewalSchedule {
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1));

  private RenewalSchedule() {}

  /**
   * When two thirds of its time are over, and up to a thirtieth later: not all that were ordered at
   * once are renewed at once.
   */
  static Instant renewalOf(HostCertificate certificate, RandomGenerator random) {
    X509Certificate own = CertificateAndKey.parseChain(certificate.chain()).getFirst();
    Instant begin = own.getNotBefore().toInstant();
    long seconds = Duration.between(begin, certificate.notAfter()).toSeconds();
    return begin.plusSeconds(seconds * 2 / 3 + random.nextLong(Math.max(1, seconds / 30)));
  }

  /**
   * How long to wait after a failure.
   *
   * @param failures in a row, 1 for the first
   */
  static Duration pauseAfter(int failures) {
    return PAUSES.get(Math.min(failures, PAUSES.size()) - 1);
  }
}
