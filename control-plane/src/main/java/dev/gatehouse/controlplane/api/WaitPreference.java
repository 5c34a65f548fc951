package dev.gatehouse.controlplane.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code Prefer: wait=N} (RFC 7240, section 4.3). A preference that cannot be read is ignored. */
final class WaitPreference {
  private static final int MAX_SECONDS = 60;
  private static final Pattern WAIT =
      Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:;.*)?", Pattern.CASE_INSENSITIVE);

  private WaitPreference() {}

  /**
   * How long the caller wants the answer to wait, at most {@value #MAX_SECONDS} seconds; the first
   * one counts.
   */
  static Optional<Duration> in(List<String> preferHeaders) {
    for (String header : preferHeaders) {
      for (String preference : header.split(",", -1)) {
        Matcher matcher = WAIT.matcher(preference.strip());
        if (matcher.matches()) {
          int seconds = Math.min(Integer.parseInt(matcher.group(1)), MAX_SECONDS);
          return Optional.of(Duration.ofSeconds(seconds));
        }
      }
    }
    return Optional.empty();
  }
}
