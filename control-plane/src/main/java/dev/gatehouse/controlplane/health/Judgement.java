package dev.gatehouse.controlplane.health;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a tenant does, by all factors together. The worst of them says most of it: an average would
 * hide a tenant of whom nothing works behind its certificates, which are in order.
 *
 * @param score the points of the worst factor, less a tenth of what each other one lacks; none
 *     where nothing is wrong that is known, and too little is known
 * @param findings of all factors, the worst first
 */
record Judgement(HealthState state, OptionalInt score, List<Finding> findings) {
  private static final List<Function<Facts, Finding>> FACTORS =
      List.of(
          TrafficFactors::errorRate,
          TrafficFactors::latency,
          TrafficFactors::limitHits,
          Saturation::of,
          CertificateFactor::of,
          DomainFactor::of,
          BlueprintFactor::of,
          KeyFactors::keys,
          KeyFactors::customerKey);

  /** Whether requests are answered at all is not known without one of these. */
  private static final Set<Factor> OF_TRAFFIC = Set.of(Factor.ERROR_RATE, Factor.LIMIT_HITS);

  private static final int PART_OF_OTHERS = 10;

  static Judgement of(Facts facts) {
    return of(FACTORS.stream().map(factor -> factor.apply(facts)).toList());
  }

  static Judgement of(List<Finding> found) {
    List<Finding> findings = found.stream().sorted(Finding.WORST_FIRST).toList();
    int score = score(findings);
    HealthState state = HealthState.of(score);
    boolean knowsTraffic =
        findings.stream()
            .anyMatch(one -> OF_TRAFFIC.contains(one.factor()) && one.points().isPresent());
    return state == HealthState.HEALTHY && !knowsTraffic
        ? new Judgement(HealthState.UNKNOWN, OptionalInt.empty(), findings)
        : new Judgement(state, OptionalInt.of(score), findings);
  }

  private static int score(List<Finding> findings) {
    int[] points = findings.stream().flatMapToInt(one -> one.points().stream()).toArray();
    if (points.length == 0) {
      return Finding.BEST;
    }
    int missing = 0;
    for (int i = 1; i < points.length; i++) {
      missing += Finding.BEST - points[i];
    }
    return Math.max(0, points[0] - missing / PART_OF_OTHERS);
  }

  /** The most important sentence. */
  String reason() {
    return faults()
        .findFirst()
        .map(Finding::reason)
        .orElseGet(() ->
            state == HealthState.UNKNOWN
                ? "Nothing is wrong that is known, but there were too few requests to say more."
                : "Nothing is wrong.");
  }

  /** The sentences of all that is wrong, the most important first. */
  List<String> reasons() {
    return faults().map(Finding::reason).toList();
  }

  private Stream<Finding> faults() {
    return findings.stream().filter(Finding::isFault);
  }
}
