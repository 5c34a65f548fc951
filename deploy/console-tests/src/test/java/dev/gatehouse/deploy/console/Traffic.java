package dev.gatehouse.deploy.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a gateway has counted in the last day, with more of it by day than by night. */
final class Traffic {
  private static final int HOURS = 24;

  private Traffic() {}

  static void report(Rest api, Rest gateway) {
    UUID run = UUID.randomUUID();
    JsonObject first = api.get("/v1/routes").getJsonArray("items").getJsonObject(0);
    UUID route = UUID.fromString(first.getString("id"));
    List<UUID> tenants = new ArrayList<>();
    for (String slug : List.of("acme", "globex-corporation", "initech", "umbrella-ltd")) {
      tenants.add(UUID.fromString(api.get("/v1/tenants/" + slug).getString("id")));
    }
    Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(HOURS - 1));
    for (int hour = 0; hour < HOURS; hour++) {
      Instant from = begin.plus(Duration.ofHours(hour));
      long wave = Math.round(2600 + 2100 * Math.sin((hour - 7) * Math.PI / 11));
      List<RouteUsage> routes = new ArrayList<>();
      for (int i = 0; i < tenants.size(); i++) {
        routes.add(of(tenants.get(i), route, wave * 3 / (i + 3), hour));
      }
      UsageReport report =
          new UsageReport(
              "fra-1", run, hour + 1, from, from.plusSeconds(10), routes, Optional.empty());
      JsonObject _ =
          gateway.post(UsageReport.PATH, new JsonObject(new String(report.encode(), UTF_8)));
    }
  }

  private static RouteUsage of(UUID tenant, UUID route, long count, int hour) {
    long errors = hour == 15 ? count / 12 : count / 400;
    long limited = hour > 12 && hour < 17 ? count / 9 : 0;
    long fine = count - errors - limited;
    List<Long> latency = new ArrayList<>(Collections.nCopies(LatencyBuckets.COUNT, 0L));
    latency.set(LatencyBuckets.indexOf(9_000), fine * 97 / 100);
    latency.set(LatencyBuckets.indexOf(74_000), count - fine * 97 / 100);
    return new RouteUsage(
        tenant,
        Optional.of(route),
        "shop",
        List.of(0L, 0L, fine, 0L, limited, errors),
        count - limited,
        limited,
        limited,
        count * 420,
        count * 8_200,
        0,
        count * 12_000,
        latency);
  }
}
