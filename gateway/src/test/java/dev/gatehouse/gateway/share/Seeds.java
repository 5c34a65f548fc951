package dev.gatehouse.gateway.share;

import java.util.stream.LongStream;

/**
 * Seeds of simulations: the same in each run, or the one that the system property {@value #OTHER}
 * names.
 */
final class Seeds {
  private static final String OTHER = "gatehouse.test.seed";

  private Seeds() {}

  static LongStream all() {
    Long other = Long.getLong(OTHER);
    return other == null ? LongStream.rangeClosed(1, 3) : LongStream.of(other);
  }
}
