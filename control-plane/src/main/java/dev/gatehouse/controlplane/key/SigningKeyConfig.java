package dev.gatehouse.controlplane.key;

import java.time.Duration;

/**
 * When the gateways' keys change, those of each purpose by themselves.
 *
 * @param rotateEvery how long a key signs (default 30 days)
 * @param publishAhead how long a key is published before it signs; longer than verifiers cache keys
 *     (default 15 min)
 * @param overlap how long a key is published after it has signed; longer than a context lives
 *     (default 1 h)
 * @param checkEvery how often to look whether something is due (default 1 min)
 */
public record SigningKeyConfig(
    Duration rotateEvery, Duration publishAhead, Duration overlap, Duration checkEvery) {
  /** What is signed lives for a minute, and clocks differ. Before the defaults, which it checks. */
  private static final Duration LEAST_OVERLAP = Duration.ofSeconds(70);

  /** Every setting at its default. */
  public static final SigningKeyConfig DEFAULT =
      new SigningKeyConfig(
          Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofMinutes(1));

  /**
   * @throws IllegalArgumentException if a duration is not positive, keys would change faster than
   *     they are published ahead, or what they signed would outlive them
   */
  public SigningKeyConfig {
    positive("rotateEvery", rotateEvery);
    positive("publishAhead", publishAhead);
    if (overlap.compareTo(LEAST_OVERLAP) < 0) {
      throw new IllegalArgumentException(
          "overlap must be at least %s, found %s".formatted(LEAST_OVERLAP, overlap));
    }
    positive("checkEvery", checkEvery);
    if (rotateEvery.compareTo(publishAhead) <= 0) {
      throw new IllegalArgumentException(
          "rotateEvery must be longer than publishAhead (%s), found %s"
              .formatted(publishAhead, rotateEvery));
    }
  }

  private static void positive(String name, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than 0, found " + found);
    }
  }
}
