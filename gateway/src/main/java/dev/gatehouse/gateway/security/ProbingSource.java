package dev.gatehouse.gateway.security;

/**
 * What one source has tried in vain since its window began. Different things are counted by the
 * bits of a small map that they fall on (Whang and others, "A linear-time probabilistic counting
 * algorithm", 1990), which needs neither their text nor room for each: 60 of 1024 are counted as 58
 * or 59. Any thread.
 */
final class ProbingSource {
  /** Of the map. */
  static final int BITS = 1024;

  private final long windowEndsNanos;
  private final long[] tried = new long[BITS / Long.SIZE];
  private int different;
  private int refusals;

  /**
   * @param windowEndsNanos on the guard's clock
   */
  ProbingSource(long windowEndsNanos) {
    this.windowEndsNanos = windowEndsNanos;
  }

  /** Whether nothing that is counted here matters any more. */
  boolean isOver(long nowNanos) {
    return nowNanos - windowEndsNanos >= 0;
  }

  /** One more refusal of something that may have been tried before. */
  synchronized void refused(long fingerprint) {
    int bit = (int) (fingerprint >>> (Long.SIZE - Integer.numberOfTrailingZeros(BITS)));
    long mask = 1L << (bit % Long.SIZE);
    if ((tried[bit / Long.SIZE] & mask) == 0) {
      tried[bit / Long.SIZE] |= mask;
      different++;
    }
    refusals++;
  }

  /** One more refusal of what tells nothing about the intention. */
  synchronized void refused() {
    refusals++;
  }

  /** What the source has earned by now. */
  synchronized Consequence consequence(ProbingConfig config) {
    if (different >= config.blockFrom() || refusals >= config.blockFromRefusals()) {
      return Consequence.BLOCKED;
    }
    return different >= config.slowFrom() ? Consequence.SLOWED : Consequence.NONE;
  }

  /** What becomes of a source. */
  enum Consequence {
    NONE,
    SLOWED,
    BLOCKED
  }
}
