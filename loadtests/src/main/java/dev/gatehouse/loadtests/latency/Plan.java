package dev.gatehouse.loadtests.latency;

import java.time.Duration;

/**
 * How a run goes.
 *
 * @param rounds every contender once in each
 * @param warmUpRequests load at full speed on each contender before the first round
 * @param warmUpLimit the longest that this may take
 * @param settle load at the begin of a turn that is not counted
 * @param turn load that is counted
 * @param tenants whose hosts are asked for in rotation
 * @param connections of the load generator
 */
record Plan(
    int rounds,
    long warmUpRequests,
    Duration warmUpLimit,
    Duration settle,
    Duration turn,
    int tenants,
    int connections) {
  /** Ends within two minutes. */
  static final Plan QUICK =
      new Plan(
          5,
          100_000,
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          10_000,
          64);

  /** Some six minutes. */
  static final Plan FULL =
      new Plan(
          9,
          600_000,
          Duration.ofSeconds(90),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          10_000,
          64);

  /**
   * @throws IllegalArgumentException if a number is not positive
   */
  Plan {
    if (rounds < 1 || tenants < 1 || connections < 1) {
      throw new IllegalArgumentException(
          "rounds, tenants and connections must be positive, found %d, %d and %d"
              .formatted(rounds, tenants, connections));
    }
  }

  /** The same with another number of rounds. */
  Plan withRounds(int otherRounds) {
    return new Plan(otherRounds, warmUpRequests, warmUpLimit, settle, turn, tenants, connections);
  }
}
