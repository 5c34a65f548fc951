package dev.gatehouse.loadtests.load;

import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What one run of the load generator saw.
 *
 * @param answers right answers
 * @param wrongAnswers answers that were not what was expected, and connections that broke
 * @param firstFault what was wrong with the first of them
 * @param elapsed from the first request to the last answer
 * @param latency of the right answers, in nanoseconds
 */
public record LoadResult(
    long answers,
    long wrongAnswers,
    Optional<String> firstFault,
    Duration elapsed,
    Histogram latency) {

  /** Right answers a second. */
  public double requestsPerSecond() {
    return answers / (elapsed.toNanos() / 1e9);
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
