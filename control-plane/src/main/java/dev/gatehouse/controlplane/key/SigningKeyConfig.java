package dev.gatehouse.controlplane.key;

import java.time.Duration;

/**
 * When signing keys change.
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

  /**
   * @throws IllegalArgumentException if a duration is not positive, or keys would change faster
   *     than they are published ahead
   */
  public SigningKeyConfig {
    positive("rotateEvery", rotateEvery);
    positive("publishAhead", publishAhead);
    positive("overlap", overlap);
    positive("checkEvery", checkEvery);
    if (rotateEvery.compareTo(publishAhead) <= 0) {
      throw new IllegalArgumentException(
          "rotateEvery must be longer than publishAhead (%s), found %s"
              .formatted(publishAhead, rotateEvery));
    }
  }

  /** Every setting at its default. */
  public static SigningKeyConfig defaults() {
    return new SigningKeyConfig(
        Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofMinutes(1));
  }

  private static void positive(String name, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than 0, found " + found);
    }
  }
}
