package dev.gatehouse.loadtests.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * When requests are due: those of many callers who know nothing of each other (a Poisson process).
 */
public final class Arrivals {
  private final long[] offsets;

  private Arrivals(long[] offsets) {
    this.offsets = offsets;
  }

  /**
   * Draws them.
   *
   * @param perSecond on average
   * @param seed the same seed draws the same times
   */
  public static Arrivals poisson(double perSecond, Duration duration, long seed) {
    Random random = new Random(seed);
    double meanNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long[] offsets = new long[16];
    int count = 0;
    double at = nextGap(random, meanNanos);
    while (at < duration.toNanos()) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * count);
      }
      offsets[count++] = (long) at;
      at += nextGap(random, meanNanos);
    }
    return new Arrivals(Arrays.copyOf(offsets, count));
  }

  private static double nextGap(Random random, double meanNanos) {
    return -Math.log(1 - random.nextDouble()) * meanNanos;
  }

  /** How many. */
  int count() {
    return offsets.length;
  }

  /** Nanoseconds from the begin of a run until one is due; never less than for the one before. */
  long nanosUntil(int index) {
    return offsets[index];
  }
}
