package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;

/**
 * How slow clients may be, on average: what is slower for longer is ended, however steadily it
 * comes. Only the time counts in which it is the client's turn. Calls of gRPC, WebSockets and
 * streams of events may be as silent as they are.
 *
 * @param bodyBytesPerSecond of a request's body, until its response begins (default 240); 0 for any
 * @param responseBytesPerSecond of a response, while any of it waits to be taken (default 240); 0
 *     for any
 * @param grace how far behind a client may be, 100 ms to 1 h (default 60 s)
 */
public record PaceConfig(
    @Bound(
            unit = "bytes a second",
            atIt = "a body that comes more slowly, on average, is answered 408; 0 for any speed",
            metric = "gatehouse_forward_slow_clients_total{side=\"request\"}")
        int bodyBytesPerSecond,
    @Bound(
            unit = "bytes a second",
            atIt =
                "a response that is taken more slowly, on average, while any of it waits, is broken off; 0 for any speed",
            metric = "gatehouse_forward_slow_clients_total{side=\"response\"}")
        int responseBytesPerSecond,
    @Bound(
            atIt = "a client that is behind by more is too slow",
            metric = "gatehouse_forward_slow_clients_total")
        Duration grace) {
  /** The defaults. */
  public static final PaceConfig DEFAULT = new PaceConfig(240, 240, Duration.ofSeconds(60));

  /** Faster than any client must be. */
  private static final int MOST = 1_000_000_000;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public PaceConfig {
    requireBetween("bodyBytesPerSecond", bodyBytesPerSecond, 0, MOST);
    requireBetween("responseBytesPerSecond", responseBytesPerSecond, 0, MOST);
    requireBetween("grace in ms", grace.toMillis(), 100, 3_600_000);
  }

  private static void requireBetween(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be between " + min + " and " + max + ", found " + value);
    }
  }

  /** For the body of one request. */
  MinimumRate ofBody() {
    return new MinimumRate(bodyBytesPerSecond, grace);
  }

  /** For the body of a call that may be as silent as it likes. */
  MinimumRate ofStream() {
    return new MinimumRate(0, grace);
  }

  /** For one response. */
  MinimumRate ofResponse() {
    return new MinimumRate(responseBytesPerSecond, grace);
  }
}
