package dev.gatehouse.contract.usage;

import java.util.Collections;
import java.util.List;

/**
 * How response times are counted: one number for each range of milliseconds, so that the counts of
 * gateways, minutes and routes can be added, and quantiles be read from the sum. The bounds are
 * part of what is stored: they never change.
 */
public final class LatencyBuckets {
  /** The upper bound of each but the last, which has none, in milliseconds; inclusive. */
  public static final List<Double> BOUNDS_MILLIS =
      List.of(
          0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 25.0, 50.0, 75.0, 100.0, 150.0, 250.0, 500.0,
          750.0, 1000.0, 2500.0, 5000.0, 10000.0, 30000.0);

  /** How many there are. */
  public static final int COUNT = 22;

  private static final long[] BOUNDS_MICROS =
      BOUNDS_MILLIS.stream().mapToLong(millis -> (long) (millis * 1000)).toArray();

  private LatencyBuckets() {}

  /** The one in which a time is counted, from 0. Allocates nothing. */
  public static int indexOf(long micros) {
    int index = 0;
    while (index < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[index]) {
      index++;
    }
    return index;
  }

  /** No time at all. */
  public static List<Long> none() {
    return Collections.nCopies(COUNT, 0L);
  }

  /**
   * An estimate of a quantile, in milliseconds: linear within its range, as Prometheus'
   * histogram_quantile; the last bound where it lies beyond that. NaN of no times.
   *
   * @param counts one for each range
   * @param quantile between 0 and 1
   */
  public static double quantile(List<Long> counts, double quantile) {
    long total = counts.stream().mapToLong(Long::longValue).sum();
    if (total == 0) {
      return Double.NaN;
    }
    double rank = quantile * total;
    long below = 0;
    for (int i = 0; i < BOUNDS_MILLIS.size(); i++) {
      long here = counts.get(i);
      if (here > 0 && below + here >= rank) {
        double from = i == 0 ? 0 : BOUNDS_MILLIS.get(i - 1);
        return from + (BOUNDS_MILLIS.get(i) - from) * Math.max(0, rank - below) / here;
      }
      below += here;
    }
    return BOUNDS_MILLIS.getLast();
  }
}
