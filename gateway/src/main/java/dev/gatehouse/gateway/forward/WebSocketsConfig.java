package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.bounds.Bound;

/**
 * What clients may send through WebSockets.
 *
 * @param smallFramesPerSecond frames that say next to nothing (pings and other control frames,
 *     fragments of less than 128 bytes, and empty ones), in a second, and ten times as many at once
 *     (default 100)
 * @param maxMessageBytes longest message, all its fragments together (default 1 GiB)
 */
public record WebSocketsConfig(
    @Bound(
            unit = "frames",
            atIt =
                "a client that sends more control frames, small fragments and empty frames in a second, or ten times as many at once: closed with 1008",
            metric = "gatehouse_websockets_ended_total{reason=\"flood\"}")
        int smallFramesPerSecond,
    @Bound(
            unit = "bytes",
            atIt = "a client's message that is longer: closed with 1009",
            metric = "gatehouse_websockets_ended_total{reason=\"too-long\"}")
        long maxMessageBytes) {
  /** The defaults. */
  public static final WebSocketsConfig DEFAULT = new WebSocketsConfig(100, 1L << 30);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public WebSocketsConfig {
    if (smallFramesPerSecond < 1 || smallFramesPerSecond > 1_000_000) {
      throw new IllegalArgumentException(
          "smallFramesPerSecond must be between 1 and 1000000, found " + smallFramesPerSecond);
    }
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException(
          "maxMessageBytes must be at least 1, found " + maxMessageBytes);
    }
  }
}
