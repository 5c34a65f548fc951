package dev.gatehouse.gateway.observe.tail;

import dev.gatehouse.gateway.bounds.Bound;

/**
 * The live access log.
 *
 * @param listeners most who listen at once (default 10)
 * @param queue most lines that wait for one listener (default 1000)
 */
public record TailConfig(
    @Bound(
            unit = "listeners",
            atIt = "one more is answered 503",
            metric = "gatehouse_tail_listeners")
        int listeners,
    @Bound(
            unit = "lines",
            atIt = "further ones are dropped for that listener, and it is told how many",
            metric = "gatehouse_tail_dropped_total")
        int queue) {
  /** The defaults. */
  public static final TailConfig DEFAULT = new TailConfig(10, 1000);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public TailConfig {
    if (listeners < 0 || listeners > 1000) {
      throw new IllegalArgumentException(
          "listeners must be between 0 and 1000, found " + listeners);
    }
    if (queue < 1 || queue > 100_000) {
      throw new IllegalArgumentException("queue must be between 1 and 100000, found " + queue);
    }
  }
}
