package dev.gatehouse.gateway.security;

import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.exfiltration.ExfiltrationConfig;
import java.time.Duration;

/**
 * What is noticed of attacks, and how it is reported to the control plane's audit trail.
 *
 * @param window what happens within it becomes one number (default 1 min)
 * @param maxSources combinations of kind, tenant and address that are told apart in a window
 *     (default 1000)
 * @param maxPending reports that wait while the control plane is away (default 60)
 * @param probingFrom unknown hosts, or failed authentications, of one address in a window that
 *     count as probing (default 20)
 * @param probing what becomes of those who probe
 * @param addresses from where requests may come, whichever tenant they are for
 * @param exfiltration what becomes of those to whom more leaves than usual
 */
public record SecurityConfig(
    @Bound(atIt = "what is refused within it is told to the audit trail as one number")
        Duration window,
    @Bound(
            unit = "combinations",
            atIt =
                "one more combination of kind, tenant and address is told to the audit trail by its number alone",
            metric = "gatehouse_security_events_dropped_total")
        int maxSources,
    @Bound(
            unit = "reports",
            atIt =
                "the oldest report to the audit trail is dropped for one more, while the control plane is away",
            metric = "gatehouse_security_events_dropped_total")
        int maxPending,
    @Bound(
            unit = "refusals",
            atIt = "so many refusals of one address in a window are told as probing")
        int probingFrom,
    ProbingConfig probing,
    AddressConfig addresses,
    ExfiltrationConfig exfiltration) {
  /** The defaults. */
  public static final SecurityConfig DEFAULT =
      new SecurityConfig(Duration.ofMinutes(1), 1000, 60, 20, ProbingConfig.DEFAULT);

  /** From wherever requests come. */
  public SecurityConfig(
      Duration window, int maxSources, int maxPending, int probingFrom, ProbingConfig probing) {
    this(window, maxSources, maxPending, probingFrom, probing, AddressConfig.DEFAULT);
  }

  /** With the defaults for what leaves. */
  public SecurityConfig(
      Duration window,
      int maxSources,
      int maxPending,
      int probingFrom,
      ProbingConfig probing,
      AddressConfig addresses) {
    this(
        window,
        maxSources,
        maxPending,
        probingFrom,
        probing,
        addresses,
        ExfiltrationConfig.DEFAULT);
  }

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public SecurityConfig {
    if (window.compareTo(Duration.ofMillis(100)) < 0 || window.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("window must be from 100ms to 1h, found " + window);
    }
    requireInRange("maxSources", maxSources, 1, 1_000_000);
    requireInRange("maxPending", maxPending, 1, 10_000);
    requireInRange("probingFrom", probingFrom, 1, 1_000_000);
  }

  /** The same with other rules for what leaves. */
  public SecurityConfig with(ExfiltrationConfig changed) {
    return new SecurityConfig(
        window, maxSources, maxPending, probingFrom, probing, addresses, changed);
  }

  static void requireInRange(String name, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "%s must be between %d and %d, found %d".formatted(name, least, most, found));
    }
  }
}
