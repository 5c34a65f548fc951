package dev.gatehouse.controlplane.domain;

import java.time.Duration;

/**
 * When a domain that is not proved yet is asked again: the schedule that Cloudflare for SaaS
 * documents for custom host names, 75 retries over seven days. The pauses grow by a twentieth each
 * for the first ten, so that whoever has just set a record need not wait, and by three twentieths
 * then, up to four hours.
 *
 * @see <a
 *     href="https://developers.cloudflare.com/cloudflare-for-platforms/cloudflare-for-saas/domain-support/hostname-validation/backoff-schedule/">Hostname
 *     validation: backoff schedule</a>
 */
final class CheckSchedule {
  /** How often it is asked again; then it has failed. */
  static final int RETRIES = 75;

  private static final int EARLY_RETRIES = 10;
  private static final double EARLY_GROWTH = 1.05;
  private static final double GROWTH = 1.15;
  private static final double FIRST_SECONDS = 60;
  private static final Duration LONGEST = Duration.ofHours(4);

  private CheckSchedule() {}

  /**
   * How long to wait before a retry.
   *
   * @param retry 0 for the first one
   */
  static Duration pauseBefore(int retry) {
    double growth = retry < EARLY_RETRIES ? EARLY_GROWTH : GROWTH;
    long seconds = (long) Math.floor(FIRST_SECONDS * Math.pow(growth, retry));
    return Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
  }
}
