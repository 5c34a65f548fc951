package dev.gatehouse.controlplane.health;

/**
 * Some of many.
 *
 * @param some how many of them
 * @param all how many there are
 */
record Share(long some, long all) {
  /** Of 40 that are said to be sure, one is not. */
  private static final double Z = 1.96;

  Share {
    all = Math.max(all, 0);
    some = Math.clamp(some, 0, all);
  }

  double value() {
    return all == 0 ? 0 : (double) some / all;
  }

  /**
   * What the share is at least, whatever chance did: the lower bound of Wilson's interval. Of two
   * requests one that failed says next to nothing, of a thousand five hundred say all.
   */
  double atLeast() {
    if (some == 0) {
      return 0;
    }
    double n = all;
    double p = value();
    double middle = p + Z * Z / (2 * n);
    double spread = Z * Math.sqrt((p * (1 - p) + Z * Z / (4 * n)) / n);
    return Math.max(0, (middle - spread) / (1 + Z * Z / n));
  }

  /**
   * A quantile below which the true one lies in no more than one of 40 cases, of so many values.
   */
  static double quantileAtLeast(double quantile, long count) {
    return Math.max(0, quantile - Z * Math.sqrt(quantile * (1 - quantile) / Math.max(count, 1)));
  }
}
