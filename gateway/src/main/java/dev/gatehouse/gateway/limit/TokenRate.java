package dev.gatehouse.gateway.limit;

import dev.gatehouse.contract.edge.EdgeLimits;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rate of one tenant.
 *
 * @param perSecond tokens refilled in a second
 * @param burst tokens that a full bucket holds
 */
record TokenRate(long perSecond, long burst) {
  /** The most that Bucket4j can count: one token a nanosecond. */
  static final long MAX = 1_000_000_000;

  private static final long UNREPORTED_PART = 64;
  private static final long MOST_UNREPORTED = 1000;
  private static final Duration SECOND = Duration.ofSeconds(1);

  TokenRate {
    check("requestsPerSecond", perSecond);
    check("burst", burst);
  }

  /**
   * The rate that the limits name; empty if they name none.
   *
   * @throws IllegalArgumentException if rate or burst are not between 1 and {@value #MAX}
   */
  static Optional<TokenRate> of(EdgeLimits limits) {
    OptionalLong perSecond = limits.requestsPerSecond();
    return perSecond.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TokenRate(perSecond.getAsLong(), limits.burst().orElse(perSecond.getAsLong())));
  }

  Bandwidth bandwidth() {
    return Bandwidth.builder().capacity(burst).refillGreedy(perSecond, SECOND).build();
  }

  BucketConfiguration configuration() {
    return BucketConfiguration.builder().addLimit(bandwidth()).build();
  }

  /**
   * Tokens that a gateway takes before it reports them: so few beside the burst that the other
   * gateways need not know yet, so many that a tenant far below its limit costs no report for each
   * request.
   */
  long reportEvery() {
    return Math.clamp(burst / UNREPORTED_PART, 1, MOST_UNREPORTED);
  }

  /** How long an empty bucket takes to fill. */
  Duration window() {
    return SECOND.multipliedBy(burst).dividedBy(perSecond);
  }

  private static void check(String name, long value) {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException(
          "limits." + name + " must be between 1 and " + MAX + ", found " + value);
    }
  }
}
