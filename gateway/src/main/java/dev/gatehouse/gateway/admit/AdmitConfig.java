package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.connect.ConnectionsConfig;
import java.time.Duration;

/**
 * What a request may look like at most, and how long may pass between two.
 *
 * @param maxRequestLineBytes longest request line (default 8192); one more is answered 414
 * @param maxHeaderBytes all headers together (default 32768); one more is answered 431
 * @param maxHeaders header lines of one request, 16 to 10000 (default 256); one more is answered
 *     431
 * @param maxBodyBytes longest body of any tenant (default 1 GiB); one more is answered 413
 * @param connectionIdle how long a client's connection without a request under way is kept, 100 ms
 *     to 1 h (default 75 s)
 * @param headTimeout how long the head of a request may take from its first byte to its last one,
 *     100 ms to 1 h (default 10 s); a longer one is answered 408, or ends a connection of HTTP/2
 * @param connections what connections may cost
 */
public record AdmitConfig(
    @Bound(
            unit = "bytes",
            atIt = "a longer request line is answered 414",
            metric = "gatehouse_requests_invalid_total{status=\"414\"}")
        int maxRequestLineBytes,
    @Bound(
            unit = "bytes",
            atIt =
                "headers that are longer together are answered 431; over HTTP/2 their stream is reset, or its connection ended",
            metric = "gatehouse_requests_invalid_total{status=\"431\"}")
        int maxHeaderBytes,
    @Bound(
            unit = "lines",
            atIt = "one more header line is answered 431",
            metric = "gatehouse_requests_refused_total{problem=\"too-many-headers\"}")
        int maxHeaders,
    @Bound(
            unit = "bytes",
            atIt = "a longer body is answered 413",
            metric = "gatehouse_requests_refused_total{problem=\"body-too-large\"}")
        long maxBodyBytes,
    @Bound(
            atIt =
                "a client's connection that is silent for longer, with no request under way, is closed",
            metric = "gatehouse_connections")
        Duration connectionIdle,
    @Bound(
            atIt = "a head that takes longer is answered 408; over HTTP/2 its connection is ended",
            metric = "gatehouse_connections_ended_total{reason=\"slow-head\"}")
        Duration headTimeout,
    ConnectionsConfig connections) {
  /** The defaults. */
  public static final AdmitConfig DEFAULT =
      new AdmitConfig(
          8192,
          32_768,
          256,
          1L << 30,
          Duration.ofSeconds(75),
          Duration.ofSeconds(10),
          ConnectionsConfig.DEFAULT);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public AdmitConfig {
    requireBetween("maxRequestLineBytes", maxRequestLineBytes, 256, 1 << 20);
    requireBetween("maxHeaderBytes", maxHeaderBytes, 1024, 1 << 20);
    requireBetween("maxHeaders", maxHeaders, 16, 10_000);
    requireBetween("maxBodyBytes", maxBodyBytes, 0, Long.MAX_VALUE);
    requireBetween("connectionIdle in ms", connectionIdle.toMillis(), 100, 3_600_000);
    requireBetween("headTimeout in ms", headTimeout.toMillis(), 100, 3_600_000);
  }

  private static void requireBetween(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be between " + min + " and " + max + ", found " + value);
    }
  }
}
