package dev.gatehouse.gateway.exfiltration;

/**
 * What is usual: the exponentially weighted mean and variance of a number that is measured again
 * and again, updated in place (D. H. D. West, "Updating mean and variance estimates: an improved
 * method", CACM 22(9), 1979; T. Finch, "Incremental calculation of weighted mean and variance",
 * 2009, section 9, for exponential weights). The first values weigh the same, so that the very
 * first is not remembered above all others.
 *
 * <p>What one value can teach has a bound: whoever wants to have more and more taken for usual
 * needs time, in which it shows elsewhere. Not for use by several threads at once.
 */
final class Baseline {
  /**
   * Of the mean: what never varies would make an alarm of every byte more. It also bounds how fast
   * somebody can teach it who never varies.
   */
  private static final double LEAST_DEVIATION = 1.0 / 8;

  /** A value farther above the mean counts as one that is so many deviations above it. */
  private static final double TEACHES_AT_MOST = 2;

  private double mean;
  private double variance;
  private int taught;

  /** How many values it has learned of. */
  int taught() {
    return taught;
  }

  /** The mean; 0 before the first value. */
  double mean() {
    return mean;
  }

  /**
   * What is unusual.
   *
   * @param deviations how many of them above the mean
   */
  double limit(int deviations) {
    return mean + deviations * deviation();
  }

  /**
   * Learns of one more value.
   *
   * @param weight of the value, 0 to 1; the older ones share the rest
   * @param free so many values are taken as they are; there is no mean yet to measure them by
   */
  void teach(double value, double weight, int free) {
    double counted = taught < free ? value : Math.min(value, mean + TEACHES_AT_MOST * deviation());
    double share = Math.max(weight, 1.0 / (taught + 1));
    double difference = counted - mean;
    double step = share * difference;
    mean += step;
    variance = (1 - share) * (variance + difference * step);
    taught++;
  }

  private double deviation() {
    return Math.max(Math.sqrt(variance), mean * LEAST_DEVIATION);
  }
}
