package dev.gatehouse.controlplane.health;

import dev.gatehouse.contract.usage.LatencyBuckets;
import java.util.OptionalDouble;

/** What is judged by what was asked of a tenant lately. Pure functions. */
final class TrafficFactors {
  private static final double USUAL_FAILURES = 0.01;
  private static final double USUAL_LIMITED = 0.01;

  /** Fewer may be one user's who tries again. */
  private static final int FEWEST_FAILURES = 3;

  private static final Scale FAILURES =
      Scale.from(USUAL_FAILURES, 100).to(0.05, 60).to(0.2, 20).to(0.5, 0);
  private static final Scale LIMITED =
      Scale.from(USUAL_LIMITED, 100).to(0.1, 65).to(0.5, 30).to(0.9, 10);

  /** How many times slower than usual. */
  private static final Scale SLOWER = Scale.from(1.5, 100).to(2, 85).to(3, 60).to(5, 40).to(10, 20);

  /** Of fewer times the slowest says too little. */
  private static final int ENOUGH_TIMES = 50;

  /** Who is faster than this is not told that it was twice as fast before. */
  private static final double FAST_MILLIS = 20;

  /** Times are told by what all but one of 20 requests were done within. */
  static final double QUANTILE = 0.95;

  private static final String TOO_LITTLE =
      "Fewer than %d requests in the last hour: too few to say anything.".formatted(Traffic.ENOUGH);

  private TrafficFactors() {}

  /** How many of the requests failed. */
  static Finding errorRate(Facts facts) {
    String expected = "at most 1 %";
    if (facts.traffic().isEmpty()) {
      return Finding.unknown(Factor.ERROR_RATE, expected, TOO_LITTLE);
    }
    Traffic traffic = facts.traffic().get();
    if (traffic.served() < Traffic.ENOUGH) {
      return Finding.unknown(
          Factor.ERROR_RATE,
          expected,
          "Nearly all requests were refused for a limit: too few others to say anything.");
    }
    Share failed = new Share(traffic.failed(), traffic.served());
    int points = failed.some() < FEWEST_FAILURES ? 100 : FAILURES.points(failed.atLeast());
    boolean chance = points == 100 && failed.value() > USUAL_FAILURES;
    return Finding.of(
        Factor.ERROR_RATE,
        points,
        Wording.percent(failed.value()),
        expected,
        "%s of %s requests failed %s; %s.%s"
            .formatted(
                some(failed),
                Wording.count(failed.all()),
                traffic.window().within(),
                chance ? "of so few that may be chance" : "up to 1 % is usual",
                points < 100 ? service(traffic, failed) : ""),
        "See in its usage which route fails, and whether the endpoints of that service answer.");
  }

  private static String some(Share share) {
    return share.some() == 0 ? "None" : Wording.percent(share.value());
  }

  private static String service(Traffic traffic, Share failed) {
    return traffic
        .worst()
        .map(worst ->
            " %s of these %s failures were at the service %s."
                .formatted(
                    worst.failed() >= failed.some() ? "All" : Wording.count(worst.failed()),
                    Wording.count(failed.some()),
                    worst.name()))
        .orElse("");
  }

  /** How many of the requests were refused for a limit of the tenant. */
  static Finding limitHits(Facts facts) {
    String expected = "at most 1 %";
    if (facts.traffic().isEmpty()) {
      return Finding.unknown(Factor.LIMIT_HITS, expected, TOO_LITTLE);
    }
    Traffic traffic = facts.traffic().get();
    Share limited = new Share(traffic.limited(), traffic.requests());
    return Finding.of(
        Factor.LIMIT_HITS,
        LIMITED.points(limited.atLeast()),
        Wording.percent(limited.value()),
        expected,
        "%s of %s requests were refused for a limit of the tenant %s."
            .formatted(some(limited), Wording.count(limited.all()), traffic.window().within()),
        "See who sends so much, and whether the limit is meant to be so low: raise it, or give the tenant a larger plan.");
  }

  /** How long requests took, against what is usual at this time of the day. */
  static Finding latency(Facts facts) {
    if (facts.traffic().isEmpty()) {
      return Finding.unknown(Factor.LATENCY, "as usual", TOO_LITTLE);
    }
    Traffic traffic = facts.traffic().get();
    if (traffic.timed() < ENOUGH_TIMES) {
      return Finding.unknown(
          Factor.LATENCY,
          "as usual",
          "%s %s: too few to compare their times."
              .formatted(Wording.many(traffic.timed(), "request"), traffic.window().within()));
    }
    double took = LatencyBuckets.quantile(traffic.latency(), QUANTILE);
    OptionalDouble usual = facts.usualMillis();
    if (usual.isEmpty()) {
      return Finding.unknown(
          Factor.LATENCY,
          "as usual",
          "95 of 100 requests took up to %s %s; what is usual at this time of the day is known after three days."
              .formatted(Wording.millis(took), traffic.window().within()));
    }
    return comparedWith(usual.getAsDouble(), took, traffic);
  }

  private static Finding comparedWith(double usual, double took, Traffic traffic) {
    double atLeast =
        LatencyBuckets.quantile(
            traffic.latency(), Share.quantileAtLeast(QUANTILE, traffic.timed()));
    return Finding.of(
        Factor.LATENCY,
        SLOWER.points(atLeast / Math.max(usual, FAST_MILLIS)),
        Wording.millis(took),
        "about " + Wording.millis(usual),
        "95 of 100 requests took up to %s %s; %s is usual at this time of the day."
            .formatted(Wording.millis(took), traffic.window().within(), Wording.millis(usual)),
        "See in its usage which route has become slow, and how the service behind it does.");
  }
}
