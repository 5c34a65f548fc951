package dev.gatehouse.controlplane.job;

import java.time.Duration;

/**
 * Bounds of the jobs of one instance.
 *
 * @param concurrency jobs run at once; each takes a connection of the pool for a moment (default 6)
 * @param lease how long a job may take before another instance may have it (default 60 s)
 * @param poll how often to look for what is due where no notification came (default 1 s)
 * @param firstRetry how long to wait after a first failure; twice as long after each further one
 *     (default 1 s)
 * @param longestRetry but never longer than this (default 10 min)
 */
public record JobConfig(
    int concurrency, Duration lease, Duration poll, Duration firstRetry, Duration longestRetry) {

  /**
   * @throws IllegalArgumentException if a duration or a number is not positive
   */
  public JobConfig {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1, found " + concurrency);
    }
    positive("lease", lease);
    positive("poll", poll);
    positive("firstRetry", firstRetry);
    positive("longestRetry", longestRetry);
  }

  /** Every setting at its default. */
  public static JobConfig defaults() {
    return new JobConfig(
        6,
        Duration.ofSeconds(60),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofMinutes(10));
  }

  /** The same with so many jobs at once. */
  public JobConfig withConcurrency(int changed) {
    return new JobConfig(changed, lease, poll, firstRetry, longestRetry);
  }

  /** The same with another time for each job. */
  public JobConfig withLease(Duration changed) {
    return new JobConfig(concurrency, changed, poll, firstRetry, longestRetry);
  }

  private static void positive(String name, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than 0, found " + found);
    }
  }
}
