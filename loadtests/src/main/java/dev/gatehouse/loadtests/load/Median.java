package dev.gatehouse.loadtests.load;

import java.util.Arrays;

/** The middle of some values, which one round on a noisy machine does not move. */
public final class Median {
  private Median() {}

  /** The middle one, or the mean of the two in the middle; NaN of none. */
  public static double of(double... values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
