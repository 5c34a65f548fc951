package dev.gatehouse.gateway.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/**
 * What the forwarders of all event loops hold, as {@code gatehouse.forward.in_flight} (requests)
 * and {@code gatehouse.forward.connections} (connections to upstreams, those at rest included).
 * Shared by all event loops.
 */
public final class ForwardMeters {
  private final List<Held> loops = new CopyOnWriteArrayList<>();
  private final Counter slowBodies;
  private final Counter slowResponses;
  private final Counter idleWebSockets;
  private final Counter floodingWebSockets;
  private final Counter tooLongMessages;

  public ForwardMeters(MeterRegistry registry) {
    Gauge.builder("gatehouse.forward.in_flight", () -> sum(held -> held.requests))
        .description("Requests on their way to an upstream or back, but for WebSockets")
        .register(registry);
    Gauge.builder("gatehouse.forward.connections", () -> sum(held -> held.connections))
        .description("Connections to upstreams, those at rest included")
        .register(registry);
    this.slowBodies = slow(registry, "request");
    this.slowResponses = slow(registry, "response");
    this.idleWebSockets = webSockets(registry, "idle");
    this.floodingWebSockets = webSockets(registry, "flood");
    this.tooLongMessages = webSockets(registry, "too-long");
  }

  private static Counter slow(MeterRegistry registry, String side) {
    return Counter.builder("gatehouse.forward.slow.clients")
        .description("Requests that were ended because their clients sent, or took, too slowly")
        .tag("side", side)
        .register(registry);
  }

  private static Counter webSockets(MeterRegistry registry, String reason) {
    return Counter.builder("gatehouse.websockets.ended")
        .description("WebSockets that were closed for what was, or was not, sent through them")
        .tag("reason", reason)
        .register(registry);
  }

  /** Nothing has passed through a WebSocket for too long. */
  void webSocketIdle() {
    idleWebSockets.increment();
  }

  /** What a client sent through a WebSocket must not pass. */
  void webSocketRefused(CloseCode why) {
    (why == CloseCode.MESSAGE_TOO_BIG ? tooLongMessages : floodingWebSockets).increment();
  }

  /** A client was slower with its body than any may be. */
  void slowBody() {
    slowBodies.increment();
  }

  /** A client was slower in taking its response than any may be. */
  void slowResponse() {
    slowResponses.increment();
  }

  /** A place for what one more event loop holds. */
  Held newLoop() {
    Held held = new Held();
    loops.add(held);
    return held;
  }

  private int sum(ToIntFunction<Held> figure) {
    return loops.stream().mapToInt(figure).sum();
  }

  /** Written by one event loop, read by any thread. */
  static final class Held {
    private volatile int requests;
    private volatile int connections;

    void requests(int count) {
      requests = count;
    }

    void connections(int count) {
      connections = count;
    }
  }
}
