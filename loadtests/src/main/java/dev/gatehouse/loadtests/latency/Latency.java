package dev.gatehouse.loadtests.latency;

import dev.gatehouse.loadtests.load.OpenLoadResult;
import java.util.function.ToDoubleFunction;

/** Percentiles of one contender in one round, in milliseconds; or what it adds to another's. */
record Latency(double p50, double p99, double p999) {
  static Latency of(OpenLoadResult result) {
    return new Latency(result.millisAt(50), result.millisAt(99), result.millisAt(99.9));
  }

  Latency minus(Latency other) {
    return new Latency(p50 - other.p50, p99 - other.p99, p999 - other.p999);
  }

  /** The same statistic of each percentile. */
  static Latency combine(Statistic statistic) {
    return new Latency(
        statistic.of(Latency::p50), statistic.of(Latency::p99), statistic.of(Latency::p999));
  }

  /** Makes one number of a percentile in many rounds. */
  interface Statistic {
    double of(ToDoubleFunction<Latency> percentile);
  }
}
