package dev.gatehouse.controlplane.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Reply;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reports of one run of a gateway. */
public final class Reports {
  private final ApiClient client;
  private final String gateway = "gw-" + UUID.randomUUID();
  private final UUID run = UUID.randomUUID();
  private long sequence;

  /**
   * @param client with a gateway's token
   */
  public Reports(ApiClient client) {
    this.client = client;
  }

  /** So many requests that were answered in 4 ms, with a kilobyte each way. */
  public static RouteUsage served(UUID tenant, UUID route, String service, long count) {
    return new RouteUsage(
        tenant,
        Optional.of(route),
        service,
        List.of(0L, 0L, count, 0L, 0L, 0L),
        count,
        0,
        0,
        count * 1000,
        count * 1000,
        0,
        count * 4000,
        oneBucket(4000, count));
  }

  /** So many requests that were refused for the rate. */
  static RouteUsage limited(UUID tenant, long count) {
    return new RouteUsage(
        tenant,
        Optional.empty(),
        "",
        List.of(0L, 0L, 0L, 0L, count, 0L),
        0,
        count,
        count,
        0,
        0,
        0,
        count * 100,
        oneBucket(100, count));
  }

  private static List<Long> oneBucket(long micros, long count) {
    List<Long> latency = new ArrayList<>(Collections.nCopies(LatencyBuckets.COUNT, 0L));
    latency.set(LatencyBuckets.indexOf(micros), count);
    return latency;
  }

  String gateway() {
    return gateway;
  }

  UsageReport report(Instant from, RouteUsage... routes) {
    return new UsageReport(
        gateway, run, ++sequence, from, from.plusSeconds(10), List.of(routes), Optional.empty());
  }

  UsageReport lost(LostUsage lost) {
    return new UsageReport(
        gateway, run, ++sequence, lost.to(), lost.to(), List.of(), Optional.of(lost));
  }

  /** Hands it in. */
  Reply send(UsageReport report) {
    return client.post(UsageReport.PATH, new JsonObject(new String(report.encode(), UTF_8)));
  }

  /** Hands in one of these at this time. */
  public Reply send(Instant from, RouteUsage... routes) {
    return send(report(from, routes));
  }
}
