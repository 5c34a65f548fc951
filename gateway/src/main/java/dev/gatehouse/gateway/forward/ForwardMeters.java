package dev.gatehouse.gateway.forward;

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

  public ForwardMeters(MeterRegistry registry) {
    Gauge.builder("gatehouse.forward.in_flight", () -> sum(held -> held.requests))
        .description("Requests on their way to an upstream or back, but for WebSockets")
        .register(registry);
    Gauge.builder("gatehouse.forward.connections", () -> sum(held -> held.connections))
        .description("Connections to upstreams, those at rest included")
        .register(registry);
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
