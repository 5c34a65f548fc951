package dev.gatehouse.deploy.doctor;

import java.time.Duration;
import java.time.Instant;

/** Clocks of others against ours. */
final class Skew {
  private static final Duration TOLERATED = Duration.ofSeconds(2);
  private static final Duration BREAKS = Duration.ofSeconds(60);

  private Skew() {}

  /**
   * Compares.
   *
   * @param asked when the other was asked
   * @param answered when its answer was here: it was read somewhere in between
   * @param coarse how coarse the other clock is shown
   */
  static Finding of(Instant asked, Instant theirs, Instant answered, Duration coarse) {
    Duration ahead = Duration.between(answered, theirs);
    Duration behind = Duration.between(theirs.plus(coarse), asked);
    Duration off = ahead.compareTo(behind) > 0 ? ahead : behind;
    String direction = ahead.compareTo(behind) > 0 ? " ahead of" : " behind";
    if (off.compareTo(TOLERATED) <= 0) {
      return Finding.ok("It agrees with this machine's.");
    }
    String found = "It is " + text(off) + direction + " this machine's.";
    String advice =
        "Have both machines' clocks set by NTP (timedatectl, chronyc tracking): tokens between the"
            + " parts are valid for seconds.";
    return off.compareTo(BREAKS) > 0
        ? Finding.failed(found, advice)
        : Finding.warning(found, advice);
  }

  private static String text(Duration off) {
    return off.toSeconds() < 120 ? off.toSeconds() + " s" : off.toMinutes() + " min";
  }
}
