package dev.gatehouse.loadtests.neighbours;

import java.time.Duration;

/**
 * How a run goes.
 *
 * @param rounds every situation once in each
 * @param settle load at the begin of a turn that is not counted
 * @param turn load that is counted
 * @param workers of the application
 * @param meanMillis that a worker takes for a request, on average
 */
record Plan(int rounds, Duration settle, Duration turn, int workers, double meanMillis) {
  /** Ends within two minutes. */
  static final Plan QUICK = new Plan(3, Duration.ofSeconds(2), Duration.ofSeconds(6), 8, 10);

  /** Some nine minutes. */
  static final Plan FULL = new Plan(7, Duration.ofSeconds(3), Duration.ofSeconds(15), 8, 10);

  private static final double TENANTS = 2;
  private static final double TIMES_ITS_SHARE = 10;

  /**
   * @throws IllegalArgumentException if a number is not positive
   */
  Plan {
    if (rounds < 1 || workers < 1 || meanMillis <= 0) {
      throw new IllegalArgumentException(
          "rounds, workers and milliseconds must be positive, found %d, %d and %s"
              .formatted(rounds, workers, meanMillis));
    }
  }

  /** The same of another application. */
  Plan with(int otherRounds, int otherWorkers, double otherMillis) {
    return new Plan(otherRounds, settle, turn, otherWorkers, otherMillis);
  }

  /** Requests a second that the application can serve. */
  double capacity() {
    return workers * 1000 / meanMillis;
  }

  /** Requests a second of the quiet tenant: half of its share. */
  double quietRate() {
    return capacity() / TENANTS / 2;
  }

  /** Requests a second of its neighbour. */
  double noisyRate() {
    return capacity() / TENANTS * TIMES_ITS_SHARE;
  }

  /** A turn from its begin. */
  Duration whole() {
    return settle.plus(turn);
  }
}
