package dev.gatehouse.gateway.share;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What operators see of one service's shares, over all event loops. Any thread. */
final class ServiceMeters {
  private static final String SERVICE = "service";

  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private final LongAdder inFlight = new LongAdder();
  private final LongAdder limit = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final Timer waited;
  private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);

  ServiceMeters(MeterRegistry registry, String service) {
    this.registry = registry;
    gauge("gatehouse.service.in.flight", "Requests sent and not yet ended", service, inFlight);
    gauge("gatehouse.service.limit", "Requests that may be in flight", service, limit);
    gauge("gatehouse.service.waiting", "Requests that wait for their turn", service, waiting);
    waited =
        Timer.builder("gatehouse.service.wait")
            .description("How long requests waited that had to and were then sent")
            .tag(SERVICE, service)
            .serviceLevelObjectives(
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(250),
                Duration.ofSeconds(1))
            .register(registry);
    meters.add(waited);
    for (Refusal reason : Refusal.values()) {
      Counter counter =
          Counter.builder("gatehouse.service.refused")
              .description("Requests that could not wait for their turn, or lost it, by reason")
              .tag(SERVICE, service)
              .tag("reason", reason.label())
              .register(registry);
      refused.put(reason, counter);
      meters.add(counter);
    }
  }

  private void gauge(String name, String description, String service, LongAdder value) {
    meters.add(
        Gauge.builder(name, value, LongAdder::sum)
            .description(description)
            .tag(SERVICE, service)
            .strongReference(true)
            .register(registry));
  }

  /** Takes them out of the registry. */
  void remove() {
    meters.forEach(registry::remove);
  }

  void waited(long nanos) {
    waited.record(nanos, TimeUnit.NANOSECONDS);
  }

  @SuppressWarnings("NullAway") // Every reason has its counter.
  void refused(Refusal reason) {
    refused.get(reason).increment();
  }

  /** The part of one event loop's share. */
  Part newPart(ShareKey key) {
    Part part = new Part(key);
    parts.add(part);
    return part;
  }

  /** What all shares of some endpoints last said, filled into a view. */
  ShareView look(ShareKey key, UUID tenant, ShareView unused) {
    List<Told> told =
        parts.stream().filter(part -> part.key.equals(key)).map(part -> part.told).toList();
    if (told.isEmpty()) {
      return unused;
    }
    return unused.with(
        told.stream().mapToInt(Told::inFlight).sum(),
        Math.max(unused.found() ? 0 : unused.limit(), told.stream().mapToInt(Told::limit).sum()),
        told.stream().mapToInt(Told::waiting).sum(),
        told.stream().mapToInt(part -> part.tenants.getOrDefault(tenant, 0)).sum());
  }

  /** What one event loop last said. Told from time to time, so that requests need not tell. */
  final class Part {
    private static final Told NOTHING = new Told(0, 0, 0, Map.of());

    private final ShareKey key;
    private volatile Told told = NOTHING;

    private Part(ShareKey key) {
      this.key = key;
    }

    /** Belongs to the share's event loop. */
    void update(int nowInFlight, int nowLimit, Map<UUID, Integer> nowWaiting) {
      int sum = nowWaiting.values().stream().mapToInt(Integer::intValue).sum();
      tell(new Told(nowInFlight, nowLimit, sum, nowWaiting));
    }

    private void tell(Told now) {
      Told before = told;
      if (now.equals(before)) {
        return;
      }
      told = now;
      inFlight.add(now.inFlight - before.inFlight);
      limit.add(now.limit - before.limit);
      waiting.add(now.waiting - before.waiting);
    }

    void close() {
      tell(NOTHING);
      parts.remove(this);
    }
  }

  private record Told(int inFlight, int limit, int waiting, Map<UUID, Integer> tenants) {}

  /** Why a request could not wait, or not to the end. */
  enum Refusal {
    QUEUE_FULL,
    TENANT_QUEUE_FULL,
    DISPLACED,
    WAITED_TOO_LONG,
    SLOW_CLIENT;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
