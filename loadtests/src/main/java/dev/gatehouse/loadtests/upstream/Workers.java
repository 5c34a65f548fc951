package dev.gatehouse.loadtests.upstream;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * So many workers and one queue without an end: who comes first is served first, each for an
 * exponentially distributed time. Reckoned, not slept through, so that a busy machine does not make
 * them slower. One thread.
 */
final class Workers {
  private final long[] freeAt;
  private final double meanNanos;
  private final Random random;

  /**
   * @param startNanos the time as of which all are free
   */
  Workers(int count, double meanMillis, long seed, long startNanos) {
    this.freeAt = new long[count];
    this.meanNanos = meanMillis * TimeUnit.MILLISECONDS.toNanos(1);
    this.random = new Random(seed);
    Arrays.fill(freeAt, startNanos);
  }

  /**
   * Takes one more request.
   *
   * @param nowNanos when it came; never before the last one
   * @return when it will be done
   */
  long take(long nowNanos) {
    int first = 0;
    for (int i = 1; i < freeAt.length; i++) {
      if (freeAt[i] - freeAt[first] < 0) {
        first = i;
      }
    }
    long start = freeAt[first] - nowNanos > 0 ? freeAt[first] : nowNanos;
    freeAt[first] = start + (long) (-Math.log(1 - random.nextDouble()) * meanNanos);
    return freeAt[first];
  }
}
