package dev.gatehouse.controlplane.health;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.controlplane.health.Facts.QuotaUse;
import dev.gatehouse.controlplane.usage.UsageForecast;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a tenant uses of what it may. Pure functions. */
final class Saturation {
  private static final String EXPECTED = "at most 80 %";

  private static final Scale QUOTA = Scale.from(0.8, 100).to(1, 60);
  private static final int USED_UP = 10;
  private static final Scale RATE = Scale.from(0.8, 100).to(1, 75).to(2, 60);

  /** What will be used up within the month. */
  private static final int USED_UP_SOON = 75;

  /** The pace of less of a month says too little. */
  private static final Duration ENOUGH_OF_A_MONTH = Duration.ofDays(3);

  /** Who has used less of it has time to see how it goes on. */
  private static final double ENOUGH_USED = 0.3;

  private Saturation() {}

  static Finding of(Facts facts) {
    List<Finding> found = new ArrayList<>();
    facts.quotas().stream()
        .filter(quota -> quota.most() > 0)
        .forEach(quota -> found.add(quota(quota, facts.at())));
    facts
        .requestsPerSecond()
        .filter(limit -> limit > 0)
        .flatMap(limit -> facts.traffic().map(traffic -> rate(traffic, limit)))
        .ifPresent(found::add);
    return found.stream()
        .min(Finding.WORST_FIRST)
        .orElseGet(() ->
            Finding.fine(
                Factor.SATURATION,
                "nothing",
                EXPECTED,
                "It has no monthly quota, and no rate that is near its limit."));
  }

  private static Finding quota(QuotaUse quota, Instant at) {
    double share = (double) Math.max(0, quota.used()) / quota.most();
    String used = "%s of the %s of this month are used".formatted(percent(share), quota.what());
    YearMonth month = MonthlyUse.monthOf(at);
    Instant end = MonthlyUse.beginOf(month.plusMonths(1));
    int points = QUOTA.points(share);
    String reason;
    if (share >= 1) {
      points = USED_UP;
      reason = used + ": requests are refused until " + Wording.day(end) + ".";
    } else {
      Duration gone = Duration.between(MonthlyUse.beginOf(month), at);
      Optional<Instant> usedUp = usedUp(quota, at);
      if (gone.compareTo(ENOUGH_OF_A_MONTH) >= 0 && share >= ENOUGH_USED && usedUp.isPresent()) {
        points = Math.min(points, USED_UP_SOON);
        reason = used + "; at this pace they are used up on " + Wording.day(usedUp.get()) + ".";
      } else {
        reason = used + ".";
      }
    }
    return Finding.of(
        Factor.SATURATION,
        points,
        percent(share),
        EXPECTED,
        reason,
        "Raise limits.%s, or give the tenant a larger plan.".formatted(limitOf(quota)));
  }

  private static String limitOf(QuotaUse quota) {
    return quota.what().equals(REQUESTS) ? "requestsPerMonth" : "bandwidthGbPerMonth";
  }

  /** What {@code limits.requestsPerMonth} limits, in words. */
  static final String REQUESTS = "requests";

  /** What {@code limits.bandwidthGbPerMonth} limits, in words. */
  static final String BYTES = "gigabytes";

  /** At the pace of the month so far. */
  private static Optional<Instant> usedUp(QuotaUse quota, Instant at) {
    return UsageForecast.of(new double[0], quota.used(), Optional.of(quota.most()), at)
        .flatMap(UsageForecast::usedUpAt);
  }

  private static Finding rate(Traffic traffic, long limit) {
    double perSecond = traffic.busiestMinute() / 60.0;
    double share = perSecond / limit;
    return Finding.of(
        Factor.SATURATION,
        RATE.points(share),
        percent(share),
        EXPECTED,
        "In the busiest minute of %s, %s requests a second were let in; its limit is %s."
            .formatted(traffic.window().words(), Wording.decimal(perSecond), Wording.count(limit)),
        "Raise limits.requestsPerSecond before requests are refused, or give the tenant a larger plan.");
  }

  /** Of what is not yet used up it does not say that it is. */
  private static String percent(double share) {
    return share < 1 && share > 0.999 ? "99.9 %" : Wording.percent(share);
  }
}
