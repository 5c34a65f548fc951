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
 * @param askEvery how often a tenant's own key-encryption key is asked for (default 10 s)
 * @param holdFor how long such a key is held after it was given, and so how long its service may be
 *     out of reach before the tenant is not served any more; with {@code askEvery} at most {@link
 *     #LATEST} (default 30 s)
 * @param usesPerSecond how many messages of one tenant an instance encrypts, decrypts, signs and
 *     verifies in a second (default 1000)
 * @param usesBurst how many at once, at least the 100 of a batch (default 2000)
 */
public record KeysetConfig(
    Duration rotateEvery,
    long rotateAfter,
    Duration checkEvery,
    Optional<Path> tombstones,
    Duration askEvery,
    Duration holdFor,
    int usesPerSecond,
    int usesBurst) {
  /**
   * Messages that one key encrypts, whatever is configured: with random nonces of 96 bits, the
   * chance that one repeats stays below 2^-32 (NIST SP 800-38D section 8.3).
   */
  public static final long MOST_MESSAGES = 1L << 32;

  /** So that a tenant is dark within a minute after its key was withdrawn. */
  public static final Duration LATEST = Duration.ofSeconds(45);

  private static final int MOST_PER_SECOND = 1_000_000;
  private static final int BATCH = 100;

  /** Every setting at its default. */
  public static final KeysetConfig DEFAULT =
      new KeysetConfig(Duration.ofDays(90), 1L << 30, Duration.ofMinutes(1), Optional.empty());

  /** With keys of tenants' own, and uses, as by default. */
  public KeysetConfig(
      Duration rotateEvery, long rotateAfter, Duration checkEvery, Optional<Path> tombstones) {
    this(
        rotateEvery,
        rotateAfter,
        checkEvery,
        tombstones,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        1000,
        2000);
  }

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
    positive("askEvery", askEvery);
    if (holdFor.compareTo(askEvery) <= 0 || holdFor.plus(askEvery).compareTo(LATEST) > 0) {
      throw new IllegalArgumentException(
          "holdFor must be longer than askEvery, and both together at most "
              + LATEST.toSeconds()
              + " s, found "
              + holdFor);
    }
    between("usesPerSecond", usesPerSecond, 1);
    between("usesBurst", usesBurst, BATCH);
  }

  private static void between(String name, int found, int least) {
    if (found < least || found > MOST_PER_SECOND) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + MOST_PER_SECOND + ", found " + found);
    }
  }

  private static void positive(String name, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than 0, found " + found);
    }
  }
}
