package dev.gatehouse.gateway.forward;

import java.time.Duration;

/**
 * The way to the upstreams.
 *
 * @param connectTimeout how long one attempt to reach an endpoint may take (default 2 s)
 * @param responseTimeout how long an upstream may take until its response begins, counted from the
 *     last byte of the request (default 30 s)
 * @param maxInFlight requests held at once by one event loop; one more is answered 503 (default
 *     10000)
 * @param connectionsPerEndpoint connections of one event loop to one endpoint (default 256)
 * @param maxWaiting requests of one event loop that may wait for a connection; one more is answered
 *     503 (default 1000)
 * @param maxTunnels WebSockets of one event loop; one more is answered 503 (default 10000)
 * @param http2Connections connections of one event loop to one endpoint that speaks HTTP/2 (default
 *     4)
 * @param clientIdle how long a client may send nothing of a request's body, which is then answered
 *     408, or take nothing of a response, which is then broken off (default 60 s)
 * @param streamIdle how long an upstream may take nothing of a request's body, or send nothing of a
 *     response's (default 5 min)
 * @param webSocketIdle how long no byte may pass through a WebSocket, in either direction, before
 *     it is closed (default 5 min)
 * @param keepAlive how long an idle connection to an endpoint is kept (default 30 s)
 */
public record ForwardConfig(
    Duration connectTimeout,
    Duration responseTimeout,
    int maxInFlight,
    int connectionsPerEndpoint,
    int maxWaiting,
    int maxTunnels,
    int http2Connections,
    Duration clientIdle,
    Duration streamIdle,
    Duration webSocketIdle,
    Duration keepAlive) {
  /** The defaults. */
  public static final ForwardConfig DEFAULT =
      new ForwardConfig(
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          10_000,
          256,
          1000,
          10_000,
          4,
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30));

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ForwardConfig {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("responseTimeout", responseTimeout);
    requirePositive("webSocketIdle", webSocketIdle);
    requirePositive("keepAlive", keepAlive);
    requirePositive("maxInFlight", maxInFlight);
    requirePositive("connectionsPerEndpoint", connectionsPerEndpoint);
    requirePositive("maxWaiting", maxWaiting);
    requirePositive("maxTunnels", maxTunnels);
    requirePositive("http2Connections", http2Connections);
    requirePositive("clientIdle", clientIdle);
    requirePositive("streamIdle", streamIdle);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be more than 0s, found " + value);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, found " + value);
    }
  }
}
