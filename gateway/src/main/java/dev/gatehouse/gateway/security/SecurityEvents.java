package dev.gatehouse.gateway.security;

import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.contract.security.Tally;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was refused, and keeps what was unusual, until the window ends. Any thread. */
public final class SecurityEvents {
  private final Tally<Source> tally;
  private final int probingFrom;
  private final boolean tenantHeaderIsTrusted;
  private final LongAdder dropped = new LongAdder();

  /** Not counted together: each says something else. */
  private final LinkedBlockingQueue<SecurityEvent> unusual;

  /**
   * @param tenantHeaderIsTrusted whether clients may say who the tenant is
   */
  public SecurityEvents(SecurityConfig config, boolean tenantHeaderIsTrusted) {
    this.tally = new Tally<>(config.maxSources());
    this.unusual = new LinkedBlockingQueue<>(config.maxSources());
    this.probingFrom = config.probingFrom();
    this.tenantHeaderIsTrusted = tenantHeaderIsTrusted;
  }

  private record Source(Kind kind, Optional<UUID> tenant, String address) {}

  /**
   * What a window has brought.
   *
   * @param dropped how much of it there was no room for
   */
  record Window(List<SecurityEvent> events, long dropped) {}

  /** A request was refused. */
  public void refused(Exchange exchange, Rejection rejection) {
    switch (rejection) {
      case Rejection.ConflictingTenants _ -> count(Kind.CONFLICTING_TENANTS, exchange);
      case Rejection.SourceBlocked _ -> count(Kind.BLOCKED_SOURCE, exchange);
      case Rejection.AddressNotAllowed _ -> count(Kind.ADDRESS_NOT_ALLOWED, exchange);
      case Rejection.UnknownHost _ -> count(Kind.PROBING_HOSTS, exchange);
      case Rejection.Unauthenticated refusal when refusal.mayBeGuess() ->
          count(
              refusal == Rejection.Unauthenticated.FOREIGN_CREDENTIAL
                  ? Kind.FOREIGN_CREDENTIAL
                  : Kind.PROBING_CREDENTIALS,
              exchange);
      default -> {}
    }
  }

  /** A request has ended, whether it was refused or not. */
  public void ended(Exchange exchange) {
    if (exchange.headers().saysTheTenant() && !tenantHeaderIsTrusted) {
      count(Kind.SPOOFED_TENANT, exchange);
    }
    if (exchange.refusal().equals(Rejections.FOREIGN_RESPONSE)) {
      count(Kind.FOREIGN_RESPONSE, exchange);
    }
  }

  /** Something is unusual, and nothing that many requests could push aside. */
  public void unusual(SecurityEvent event) {
    if (!unusual.offer(event)) {
      dropped.increment();
    }
  }

  /** Reports that were thrown away held so many events. */
  void dropped(long events) {
    dropped.add(events);
  }

  /**
   * Ends the window: what may be probing is left out where it was not often enough. What was
   * unusual comes first, and waits for the next report where there is no room for it.
   *
   * @param most events to tell of; of more only the number is told
   */
  Window take(Instant from, Instant to, int most) {
    long lost = tally.takeOthers() + dropped.sumThenReset();
    List<SecurityEvent> events = new ArrayList<>();
    for (Map.Entry<Source, Long> counted : tally.take().entrySet()) {
      if (!mayBeProbing(counted.getKey().kind()) || counted.getValue() >= probingFrom) {
        events.add(eventOf(counted.getKey(), counted.getValue(), from, to));
      }
    }
    events.sort(
        Comparator.comparing((SecurityEvent event) -> mayBeProbing(event.kind()))
            .thenComparing(SecurityEvent::count, Comparator.reverseOrder()));
    List<SecurityEvent> told = new ArrayList<>();
    unusual.drainTo(told, most);
    int room = Math.min(most - told.size(), events.size());
    told.addAll(events.subList(0, room));
    lost += events.stream().skip(room).mapToLong(SecurityEvent::count).sum();
    return new Window(told, lost);
  }

  private void count(Kind kind, Exchange exchange) {
    Optional<UUID> tenant = exchange.tenant().map(found -> found.edge().id());
    tally.count(new Source(kind, tenant, exchange.client().address()));
  }

  private static SecurityEvent eventOf(Source source, long count, Instant from, Instant to) {
    return new SecurityEvent(source.kind(), source.tenant(), source.address(), from, to, count);
  }

  private static boolean mayBeProbing(Kind kind) {
    return kind == Kind.PROBING_HOSTS || kind == Kind.PROBING_CREDENTIALS;
  }
}
