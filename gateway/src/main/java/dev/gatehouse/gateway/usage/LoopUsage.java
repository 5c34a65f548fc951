package dev.gatehouse.gateway.usage;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.route.Routed;
import io.vertx.core.Context;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one event loop serves. Belongs to that event loop: nothing here is shared, so that
 * counting a request costs two look-ups.
 */
public final class LoopUsage {
  private static final int SWITCHING_PROTOCOLS = 101;

  /** Problems of which each says that the tenant has had its share. */
  private static final Set<String> LIMITS =
      Set.of("rate-limited", "too-many-concurrent-requests", "monthly-quota-used-up");

  private final UsageMeter meter;
  private final Context loop;
  private LongConsumer openWebSockets = _ -> {};
  private UsageCounts counts = new UsageCounts();

  LoopUsage(UsageMeter meter, Context loop) {
    this.meter = meter;
    this.loop = loop;
  }

  /**
   * Says who counts the WebSockets that are open.
   *
   * @param untilNanos told the time, on the clock of {@link System#nanoTime()}, before the counts
   *     are taken: calls {@link #webSocket} for each
   */
  public void countOpen(LongConsumer untilNanos) {
    this.openWebSockets = untilNanos;
  }

  /**
   * A request has ended.
   *
   * @param nanos how long it took
   */
  public void ended(Exchange exchange, long nanos) {
    exchange.tenant().ifPresent(tenant -> ended(exchange, tenant, nanos));
  }

  private void ended(Exchange exchange, Tenant tenant, long nanos) {
    RouteCount count = countOf(tenant, exchange.routed().orElse(null));
    int status = exchange.request().response().getStatusCode();
    int statusClass = statusClass(exchange, status);
    if (status == SWITCHING_PROTOCOLS) {
      count.handshake(statusClass);
    } else {
      count.request(statusClass, nanos / 1000);
    }
    if (!exchange.refusal().isEmpty()) {
      count.refused(LIMITS.contains(exchange.refusal()));
    }
    long in = exchange.request().bytesRead();
    long out = exchange.request().response().bytesWritten();
    count.bytes(in, out);
    tenant.limiter().quota().transferred(in + out);
    if (exchange.isBillable()) {
      count.billable();
    }
  }

  /**
   * A WebSocket was open for so long since it was last counted.
   *
   * @param bytesIn from the client meanwhile
   * @param bytesOut to the client meanwhile
   */
  public void webSocket(
      Tenant tenant, UUID route, String service, long nanos, long bytesIn, long bytesOut) {
    RouteCount count = counts.of(tenant.edge().id(), route, service);
    count.webSocketOpen(nanos);
    count.bytes(bytesIn, bytesOut);
    tenant.limiter().quota().transferred(bytesIn + bytesOut);
  }

  /** The event loop is about to stop: what it has counted goes into the next report. */
  public void close() {
    meter.deliver(take());
    meter.remove(this);
  }

  Context loop() {
    return loop;
  }

  /** On the event loop. */
  UsageCounts take() {
    openWebSockets.accept(System.nanoTime());
    UsageCounts taken = counts;
    counts = new UsageCounts();
    return taken;
  }

  private RouteCount countOf(Tenant tenant, @Nullable Routed routed) {
    UUID id = tenant.edge().id();
    return routed == null
        ? counts.of(id, RouteCount.NO_ROUTE, "")
        : counts.of(id, routed.route().edge().id(), routed.service().name());
  }

  /** A client that went before the head of its answer was written has not been answered. */
  private static int statusClass(Exchange exchange, int status) {
    return exchange.request().response().headWritten() ? Math.clamp(status / 100, 0, 5) : 0;
  }
}
