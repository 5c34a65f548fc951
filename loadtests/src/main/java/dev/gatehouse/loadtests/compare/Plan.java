package dev.gatehouse.loadtests.compare;

import java.time.Duration;

/**
 * How a comparison goes.
 *
 * @param rounds every contender once in each
 * @param warmUpRequests load on each contender before the first round, at least
 * @param warmUpLimit the longest that this may take
 * @param settle load on a contender at the begin of its turn that is not counted; repeated until
 *     every tenant's host was asked for
 * @param turn load that is counted
 * @param tenants whose hosts are asked for in rotation
 * @param connections of the load generator
 */
public record Plan(
    int rounds,
    long warmUpRequests,
    Duration warmUpLimit,
    Duration settle,
    Duration turn,
    int tenants,
    int connections) {

  /** Five short rounds: ends within two minutes. */
  public static final Plan QUICK =
      new Plan(
          5,
          100_000,
          Duration.ofSeconds(30),
          Duration.ofMillis(200),
          Duration.ofMillis(1500),
          10_000,
          64);

  /** Nine rounds of five seconds after a longer warm-up. */
  public static final Plan FULL =
      new Plan(
          9,
          600_000,
          Duration.ofSeconds(90),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          10_000,
          64);

  /**
   * @throws IllegalArgumentException if a number is not positive
   */
  public Plan {
    if (rounds < 1 || tenants < 1 || connections < 1) {
      throw new IllegalArgumentException(
          "rounds, tenants and connections must be positive, found %d, %d and %d"
              .formatted(rounds, tenants, connections));
    }
  }

  /** The same with another number of rounds. */
  public Plan withRounds(int otherRounds) {
    return new Plan(otherRounds, warmUpRequests, warmUpLimit, settle, turn, tenants, connections);
  }
}
