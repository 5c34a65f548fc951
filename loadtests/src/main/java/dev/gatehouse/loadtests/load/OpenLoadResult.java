package dev.gatehouse.loadtests.load;

import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What one run of the open-loop load generator saw of the requests that count.
 *
 * @param refused answers with status 503
 * @param wrongAnswers answers that were not what was expected, and connections that broke
 * @param firstFault what was wrong with the first of them
 * @param skipped requests that were due while all connections were taken, and were not sent
 * @param latency of the right answers, in nanoseconds from the time at which a request was due
 */
public record OpenLoadResult(
    long refused, long wrongAnswers, Optional<String> firstFault, long skipped, Histogram latency) {

  /** Right answers. */
  public long answers() {
    return latency.getTotalCount();
  }

  /**
   * Latency at a percentile.
   *
   * @param percentile 0 to 100
   * @return milliseconds
   */
  public double millisAt(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e6;
  }
}
