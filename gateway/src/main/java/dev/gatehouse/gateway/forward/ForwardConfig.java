package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.bounds.Bound;
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
 * @param pace how slow clients may be
 * @param webSockets what clients may send through WebSockets
 */
public record ForwardConfig(
    @Bound(
            atIt = "the next endpoint is tried; without one: 504",
            metric = "gatehouse_requests_refused_total{problem=\"upstream-timed-out\"}")
        Duration connectTimeout,
    @Bound(
            atIt =
                "a response that has not begun by then: 504; a service may have a time of its own",
            metric = "gatehouse_requests_refused_total{problem=\"upstream-timed-out\"}")
        Duration responseTimeout,
    @Bound(
            unit = "requests",
            atIt = "one more request of an event loop is answered 503",
            metric = "gatehouse_requests_refused_total{problem=\"overloaded\"}")
        int maxInFlight,
    @Bound(
            unit = "connections",
            atIt = "one more request of an event loop waits for a connection to that endpoint",
            metric = "gatehouse_forward_connections")
        int connectionsPerEndpoint,
    @Bound(
            unit = "requests",
            atIt =
                "one more request of an event loop that would wait for a connection is answered 503",
            metric = "gatehouse_requests_refused_total{problem=\"overloaded\"}")
        int maxWaiting,
    @Bound(
            unit = "WebSockets",
            atIt = "one more WebSocket of an event loop is answered 503",
            metric = "gatehouse_requests_refused_total{problem=\"overloaded\"}")
        int maxTunnels,
    @Bound(
            unit = "connections",
            atIt = "one more request of an event loop waits for a stream",
            metric = "gatehouse_forward_connections")
        int http2Connections,
    @Bound(
            atIt =
                "a client that sends nothing of its body for so long: 408; one that takes nothing of its response: broken off",
            metric = "gatehouse_requests_refused_total{problem=\"request-timeout\"}")
        Duration clientIdle,
    @Bound(
            atIt =
                "a service that takes nothing of a body for so long: 504; one that sends nothing of its response: broken off",
            metric = "gatehouse_requests_refused_total{problem=\"upstream-timed-out\"}")
        Duration streamIdle,
    @Bound(
            atIt = "a WebSocket through which no byte passes for so long is closed with 1001",
            metric = "gatehouse_websockets_ended_total{reason=\"idle\"}")
        Duration webSocketIdle,
    @Bound(
            atIt = "a connection to an endpoint without a request for so long is closed",
            metric = "gatehouse_forward_connections")
        Duration keepAlive,
    PaceConfig pace,
    WebSocketsConfig webSockets) {
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
          Duration.ofSeconds(30),
          PaceConfig.DEFAULT,
          WebSocketsConfig.DEFAULT);

  /** With what clients may do by default. */
  public ForwardConfig(
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
    this(
        connectTimeout,
        responseTimeout,
        maxInFlight,
        connectionsPerEndpoint,
        maxWaiting,
        maxTunnels,
        http2Connections,
        clientIdle,
        streamIdle,
        webSocketIdle,
        keepAlive,
        PaceConfig.DEFAULT,
        WebSocketsConfig.DEFAULT);
  }

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
