package dev.gatehouse.gateway.connect;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;
import java.util.List;

/**
 * What clients' connections may cost. A source is an IPv4 address, or the first 64 bits of an IPv6
 * one.
 *
 * @param perAddress connections of one source to this gateway (default 1000); one more is closed
 * @param perAddressPerSecond connections that one source may open in a second, and ten times as
 *     many at once (default 100); one more is closed. Who goes on opening more than ten times as
 *     many is shut out
 * @param handshakes of TLS that are under way at once (default 1000); for one more the one that
 *     takes longest is closed, or itself if none has taken a second yet
 * @param handshakeTimeout how long one may take, 100 ms to 1 min (default 10 s)
 * @param http2ControlFrames frames that a connection of HTTP/2 may send in a second, and ten times
 *     as many at once, besides one for each that it is sent (default 100): of any kind that is no
 *     part of a request. One more ends the connection
 * @param floods connections of one source that were ended for such a flood, or another one of
 *     HTTP/2, within {@code shutOutFor}, from which on it is shut out (default 3); resets of
 *     streams also count together, if their connections ended before they were a flood
 * @param shutOutFor for how long new connections of it are closed (default 10 s)
 * @param exempt sources that may have as many connections as they like, and are never shut out
 *     (default: private and loopback ranges); trusted proxies are exempt, too
 */
public record ConnectionsConfig(
    @Bound(
            unit = "connections",
            atIt = "one more connection of the source is closed",
            metric = "gatehouse_connections_refused_total{reason=\"per-address\"}")
        int perAddress,
    @Bound(
            unit = "a second",
            atIt =
                "more new connections of a source, ten times as many at once, are closed; a source that goes on opening ten times as many is shut out",
            metric = "gatehouse_connections_refused_total{reason=\"rate\"}")
        int perAddressPerSecond,
    @Bound(
            unit = "handshakes",
            atIt =
                "for one more the one that takes longest is closed, or the new one where none has taken a second yet",
            metric = "gatehouse_connections_refused_total{reason=\"handshakes\"}")
        int handshakes,
    @Bound(
            atIt = "a handshake of TLS that takes longer is ended",
            metric = "gatehouse_connections_handshakes")
        Duration handshakeTimeout,
    @Bound(
            unit = "a second",
            atIt =
                "more frames of HTTP/2 that are no part of a request, ten times as many at once, end the connection",
            metric = "gatehouse_connections_ended_total{reason=\"flood\"}")
        int http2ControlFrames,
    @Bound(
            unit = "connections",
            atIt =
                "from so many connections on that were ended for a flood, new ones of the source are closed",
            metric = "gatehouse_connections_refused_total{reason=\"shut-out\"}")
        int floods,
    @Bound(
            atIt = "for how long",
            metric = "gatehouse_connections_refused_total{reason=\"shut-out\"}")
        Duration shutOutFor,
    List<AddressRange> exempt) {
  /** The defaults. */
  public static final ConnectionsConfig DEFAULT =
      new ConnectionsConfig(
          1000,
          100,
          1000,
          Duration.ofSeconds(10),
          100,
          3,
          Duration.ofSeconds(10),
          SourceAddress.PRIVATE_RANGES);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ConnectionsConfig {
    requireBetween("perAddress", perAddress, 1, 1_000_000);
    requireBetween("perAddressPerSecond", perAddressPerSecond, 1, 1_000_000);
    requireBetween("handshakes", handshakes, 1, 1_000_000);
    requireBetween("handshakeTimeout in ms", handshakeTimeout.toMillis(), 100, 60_000);
    requireBetween("http2ControlFrames", http2ControlFrames, 10, 1_000_000);
    requireBetween("floods", floods, 1, 1_000_000);
    requireBetween("shutOutFor in ms", shutOutFor.toMillis(), 100, 86_400_000);
    exempt = List.copyOf(exempt);
  }

  private static void requireBetween(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be between " + min + " and " + max + ", found " + value);
    }
  }
}
