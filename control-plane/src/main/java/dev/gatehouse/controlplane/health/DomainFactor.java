package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.health.Facts.DomainFault;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** Whether a tenant still controls its domains, and is served there. A pure function. */
final class DomainFactor {
  private static final String EXPECTED = "verified";

  /** Who adds a domain has so long to set its records. */
  private static final Duration TIME_TO_VERIFY = Duration.ofDays(3);

  private DomainFactor() {}

  static Finding of(Facts facts) {
    return facts.domains().stream()
        .filter(fault -> points(fault, facts.at()) < Finding.BEST)
        .min(Comparator.comparingInt((DomainFault fault) -> points(fault, facts.at())))
        .map(worst -> found(worst, facts))
        .orElseGet(() ->
            Finding.fine(
                Factor.DOMAINS,
                "in order",
                EXPECTED,
                "All of its domains are verified, or it has none of its own."));
  }

  private static int points(DomainFault fault, Instant at) {
    return switch (fault.kind()) {
      case LOST -> fault.primary() ? 30 : 50;
      case FAILED -> 75;
      case FAILING -> 70;
      case PENDING -> fault.since().isBefore(at.minus(TIME_TO_VERIFY)) ? 90 : Finding.BEST;
    };
  }

  private static Finding found(DomainFault worst, Facts facts) {
    String since = Wording.day(worst.since());
    String why = Wording.because(worst.why());
    String host = worst.host();
    String reason =
        switch (worst.kind()) {
          case LOST ->
              "The domain %s is not served since %s: it is not shown any more that the tenant controls it.%s"
                  .formatted(host, since, why);
          case FAILED ->
              "The domain %s is not served: it was not shown in time that the tenant controls it.%s"
                  .formatted(host, why);
          case FAILING ->
              "Since %s the domain %s does not show that the tenant controls it, and will be lost if that stays so.%s"
                  .formatted(since, host, why);
          case PENDING ->
              "The domain %s waits since %s for a proof that the tenant controls it.%s"
                  .formatted(host, since, why);
        };
    long others =
        facts.domains().stream().filter(fault -> points(fault, facts.at()) < Finding.BEST).count()
            - 1;
    return Finding.of(
        Factor.DOMAINS,
        points(worst, facts.at()),
        worst.kind().name().toLowerCase(Locale.ROOT),
        EXPECTED,
        reason + Wording.alsoOf(others),
        "Set the DNS records that the domain's page names, and look again; or remove the domain.");
  }
}
