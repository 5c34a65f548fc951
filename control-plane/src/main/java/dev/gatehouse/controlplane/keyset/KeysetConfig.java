package dev.gatehouse.controlplane.keyset;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * When the keys of tenants change.
 *
 * @param rotateEvery how long a key is the one that encrypts and signs (default 90 days)
 * @param rotateAfter how many messages a key encrypts before it is succeeded early, at most {@link
 *     #MOST_MESSAGES} (default 2^30)
 * @param checkEvery how often to look whether something is due (default 1 min)
 * @param tombstones a file, which is not backed up with the database, that names the tenants that
 *     were deleted: an older database that is restored is brought up to it (default none)
 */
public record KeysetConfig(
    Duration rotateEvery, long rotateAfter, Duration checkEvery, Optional<Path> tombstones) {
  /**
   * Messages that one key encrypts, whatever is configured: with random nonces of 96 bits, the
   * chance that one repeats stays below 2^-32 (NIST SP 800-38D section 8.3).
   */
  public static final long MOST_MESSAGES = 1L << 32;

  /** Every setting at its default. */
  public static final KeysetConfig DEFAULT =
      new KeysetConfig(Duration.ofDays(90), 1L << 30, Duration.ofMinutes(1), Optional.empty());

  /**
   * @throws IllegalArgumentException if a duration is not positive, or a key would have to encrypt
   *     more than it may
   */
  public KeysetConfig {
    positive("rotateEvery", rotateEvery);
    positive("checkEvery", checkEvery);
    if (rotateAfter < 1 || rotateAfter > MOST_MESSAGES) {
      throw new IllegalArgumentException(
          "rotateAfter must be between 1 and " + MOST_MESSAGES + ", found " + rotateAfter);
    }
  }

  private static void positive(String name, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than 0, found " + found);
    }
  }
}
