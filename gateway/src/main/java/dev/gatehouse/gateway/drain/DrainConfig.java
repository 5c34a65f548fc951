package dev.gatehouse.gateway.drain;

import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;

/**
 * How a gateway stops.
 *
 * @param grace how long it says that it is not ready, and goes on as if nothing were, so that load
 *     balancers look away; longer than they need to notice (default 5 s)
 * @param atMost how long requests, streams and WebSockets may take to end after that; the bound of
 *     a tenant's drain, too (default 30 s)
 */
public record DrainConfig(
    @Bound(atIt = "so long a gateway that stops serves on while it says that it is not ready")
        Duration grace,
    @Bound(
            atIt = "what is still under way after that is broken off",
            metric = "gatehouse_requests_refused_total{problem=\"overloaded\"}")
        Duration atMost) {
  /** The defaults. */
  public static final DrainConfig DEFAULT =
      new DrainConfig(Duration.ofSeconds(5), Duration.ofSeconds(30));

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DrainConfig {
    requireAtMostAnHour("grace", grace);
    requireAtMostAnHour("atMost", atMost);
  }

  private static void requireAtMostAnHour(String name, Duration value) {
    if (value.isNegative() || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          name + " must be between 0s and 1h, found " + value.toMillis() + "ms");
    }
  }
}
