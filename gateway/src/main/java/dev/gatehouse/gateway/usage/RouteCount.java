package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.RouteUsage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is counted of one tenant, route and service, until it is taken. One thread at a time. */
final class RouteCount {
  /** The route of requests that took none. */
  static final UUID NO_ROUTE = new UUID(0, 0);

  private final UUID tenant;
  private final UUID route;
  private final String service;
  private final long[] requests = new long[RouteUsage.CLASSES];
  private final long[] latency = new long[LatencyBuckets.COUNT];
  private long billable;
  private long limited;
  private long refused;
  private long bytesIn;
  private long bytesOut;
  private long webSocketNanos;
  private long micros;

  /** Of the same tenant and route, for another service. */
  @Nullable RouteCount next;

  RouteCount(UUID tenant, UUID route, String service) {
    this.tenant = tenant;
    this.route = route;
    this.service = service;
  }

  UUID tenant() {
    return tenant;
  }

  UUID route() {
    return route;
  }

  String service() {
    return service;
  }

  /** A request has ended. */
  void request(int statusClass, long tookMicros) {
    requests[statusClass]++;
    micros += tookMicros;
    latency[LatencyBuckets.indexOf(tookMicros)]++;
  }

  /** A WebSocket has been opened: for how long it stays is not known yet. */
  void handshake(int statusClass) {
    requests[statusClass]++;
  }

  void billable() {
    billable++;
  }

  void refused(boolean forALimit) {
    refused++;
    if (forALimit) {
      limited++;
    }
  }

  void bytes(long in, long out) {
    bytesIn += in;
    bytesOut += out;
  }

  void webSocketOpen(long nanos) {
    webSocketNanos += nanos;
  }

  void add(RouteCount other) {
    addTo(requests, other.requests);
    addTo(latency, other.latency);
    billable += other.billable;
    limited += other.limited;
    refused += other.refused;
    bytesIn += other.bytesIn;
    bytesOut += other.bytesOut;
    webSocketNanos += other.webSocketNanos;
    micros += other.micros;
  }

  RouteUsage toUsage() {
    return new RouteUsage(
        tenant,
        route.equals(NO_ROUTE) ? Optional.empty() : Optional.of(route),
        service,
        listOf(requests),
        billable,
        limited,
        refused,
        bytesIn,
        bytesOut,
        webSocketNanos / 1_000_000,
        micros,
        listOf(latency));
  }

  private static void addTo(long[] sum, long[] other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
  }

  private static List<Long> listOf(long[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
