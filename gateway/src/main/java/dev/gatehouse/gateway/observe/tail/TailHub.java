package dev.gatehouse.gateway.observe.tail;

import dev.gatehouse.gateway.Exchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who listens to the access log at the admin port. While nobody does, a request pays for one look
 * at an empty list. Any thread.
 */
public final class TailHub {
  private final TailConfig config;
  private final Counter dropped;
  private volatile List<Listener> listeners = List.of();

  public TailHub(TailConfig config, MeterRegistry registry) {
    this.config = config;
    this.dropped =
        Counter.builder("gatehouse.tail.dropped")
            .description("Lines of the live access log that a listener was too slow for")
            .register(registry);
    Gauge.builder("gatehouse.tail.listeners", this, hub -> hub.listeners.size())
        .description("Who listens to the live access log")
        .register(registry);
  }

  /** Whether anybody listens. */
  public boolean isHeard() {
    return !listeners.isEmpty();
  }

  /** Tells whoever wants to hear of it of a request that has ended. */
  public void tell(Exchange exchange, String line) {
    List<Listener> now = listeners;
    for (int i = 0; i < now.size(); i++) {
      now.get(i).tell(exchange, line);
    }
  }

  /** One more listens; empty if there are as many as may be. */
  synchronized Optional<Listener> listen(TailFilter filter) {
    if (listeners.size() >= config.listeners()) {
      return Optional.empty();
    }
    Listener listener = new Listener(filter, config.queue());
    List<Listener> more = new ArrayList<>(listeners);
    more.add(listener);
    listeners = List.copyOf(more);
    return Optional.of(listener);
  }

  @SuppressWarnings("ReferenceEquality") // Two may want to hear the same.
  synchronized void leave(Listener gone) {
    listeners = listeners.stream().filter(each -> each != gone).toList();
  }

  /** What waits for one listener. Any thread. */
  final class Listener {
    private final TailFilter filter;
    private final int capacity;
    private List<String> waiting = new ArrayList<>();
    private long droppedSince;

    private Listener(TailFilter filter, int capacity) {
      this.filter = filter;
      this.capacity = capacity;
    }

    private void tell(Exchange exchange, String line) {
      if (!filter.wants(exchange)) {
        return;
      }
      synchronized (this) {
        if (waiting.size() < capacity) {
          waiting.add(line);
          return;
        }
        droppedSince++;
      }
      dropped.increment();
    }

    /** Takes what waits, and after it how many lines were dropped, if any were. */
    synchronized List<String> take() {
      if (waiting.isEmpty()) {
        return List.of();
      }
      List<String> taken = waiting;
      waiting = new ArrayList<>();
      if (droppedSince > 0) {
        taken.add("{\"dropped\":" + droppedSince + "}");
        droppedSince = 0;
      }
      return taken;
    }
  }
}
