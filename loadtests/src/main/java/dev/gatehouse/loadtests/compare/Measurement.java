package dev.gatehouse.loadtests.compare;

import dev.gatehouse.loadtests.load.LoadResult;
import dev.gatehouse.loadtests.process.ProcessUsage;
import java.util.function.ToDoubleFunction;

/**
 * What one contender took in one round.
 *
 * @param cpuMicrosPerRequest user and system time of its processes, divided by its requests
 * @param rssMiB its resident memory at the end of the round
 */
public record Measurement(
    double requestsPerSecond,
    double p50Millis,
    double p99Millis,
    double cpuMicrosPerRequest,
    double rssMiB) {

  private static final double MIB = 1024.0 * 1024.0;

  static Measurement of(LoadResult load, ProcessUsage before, ProcessUsage after) {
    return new Measurement(
        load.requestsPerSecond(),
        load.millisAt(50),
        load.millisAt(99),
        after.cpu().minus(before.cpu()).toNanos() / 1e3 / load.answers(),
        after.residentBytes() / MIB);
  }

  /** The same statistic of each figure. */
  static Measurement combine(Statistic statistic) {
    return new Measurement(
        statistic.of(Measurement::requestsPerSecond),
        statistic.of(Measurement::p50Millis),
        statistic.of(Measurement::p99Millis),
        statistic.of(Measurement::cpuMicrosPerRequest),
        statistic.of(Measurement::rssMiB));
  }

  /** Makes one number of a figure in many rounds. */
  interface Statistic {
    double of(ToDoubleFunction<Measurement> figure);
  }
}
