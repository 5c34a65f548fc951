package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.health.Facts.CertificateFault;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/** Whether browsers trust a tenant's hosts, and will in the coming days. A pure function. */
final class CertificateFactor {
  private static final String EXPECTED = "valid, and renewed in time";
  private static final Duration AT_ONCE = Duration.ofDays(3);

  private CertificateFactor() {}

  static Finding of(Facts facts) {
    return facts.certificates().stream()
        .min(Comparator.comparingInt((CertificateFault fault) -> points(fault, facts.at())))
        .map(worst -> found(worst, facts))
        .orElseGet(() ->
            Finding.fine(
                Factor.CERTIFICATES,
                "in order",
                EXPECTED,
                "No certificate of its hosts has expired, or will soon."));
  }

  private static int points(CertificateFault fault, Instant at) {
    return switch (fault.kind()) {
      case EXPIRED -> 10;
      case NOT_ISSUED -> 30;
      case EXPIRES -> fault.until().orElse(at).isBefore(at.plus(AT_ONCE)) ? 40 : 75;
      case NOT_RENEWED -> fault.until().orElse(at).isBefore(at.plus(AT_ONCE)) ? 40 : 70;
    };
  }

  private static Finding found(CertificateFault worst, Facts facts) {
    Instant at = facts.at();
    String more = Wording.alsoOf(facts.certificates().size() - 1);
    String until = worst.until().map(time -> Wording.distance(at, time)).orElse("at once");
    String date = worst.until().map(Wording::date).orElse("now");
    String why = Wording.because(worst.why());
    return switch (worst.kind()) {
      case EXPIRED ->
          Finding.of(
              Factor.CERTIFICATES,
              points(worst, at),
              "expired " + until,
              EXPECTED,
              "The certificate of %s expired on %s: browsers refuse to go there.%s"
                  .formatted(worst.host(), date, more),
              "Upload a new certificate, or see at the domain why it was not renewed.");
      case NOT_ISSUED ->
          Finding.of(
              Factor.CERTIFICATES,
              points(worst, at),
              "not issued",
              EXPECTED,
              "There is no certificate for %s, so that browsers refuse to go there.%s%s"
                  .formatted(worst.host(), why, more),
              "Mend what the authority says of the domain; it is asked again by itself. Or upload a certificate.");
      case EXPIRES ->
          Finding.of(
              Factor.CERTIFICATES,
              points(worst, at),
              "expires " + until,
              EXPECTED,
              "The certificate of %s expires on %s.%s".formatted(worst.host(), date, more),
              "Upload a new certificate before that day.");
      case NOT_RENEWED ->
          Finding.of(
              Factor.CERTIFICATES,
              points(worst, at),
              "not renewed, expires " + until,
              EXPECTED,
              "The certificate of %s could not be renewed, and expires on %s.%s%s"
                  .formatted(worst.host(), date, why, more),
              "Mend what the authority says of the domain; it is asked again by itself. Or upload a certificate.");
    };
  }
}
