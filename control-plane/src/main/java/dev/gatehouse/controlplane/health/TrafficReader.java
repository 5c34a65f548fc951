package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.controlplane.health.Traffic.FailingService;
import dev.gatehouse.controlplane.health.Traffic.Window;
import dev.gatehouse.controlplane.usage.Counters;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What gateways counted of many tenants, in one statement. A tenant's rows of the time are found by
 * the key of the table, so that a statement takes as long as these rows are many, and no longer.
 * Blocks: virtual threads only.
 */
final class TrafficReader {
  private static final String LATENCY =
      IntStream.range(0, LatencyBuckets.COUNT)
          .mapToObj(i -> "bounded(sum(" + Counters.latency(i) + "))")
          .collect(Collectors.joining(", "));

  private static final String LATELY =
      """
      SELECT t.id, lately.*
        FROM unnest($1::uuid[]) AS t (id)
       CROSS JOIN LATERAL (
         SELECT bounded(sum(requests)) AS requests, bounded(sum(failed)) AS failed,
                bounded(sum(limited)) AS limited, bounded(max(billable)) AS busiest,
                ARRAY[%s] AS latency
           FROM (
             SELECT sum(%s) AS requests, sum(requests_5) AS failed, sum(limited) AS limited,
                    sum(billable) AS billable, %s
               FROM usage_minute
              WHERE tenant_id = t.id AND at >= $2 AND at <= $3
              GROUP BY at
           ) minute
         HAVING sum(requests) > 0
       ) lately
      """
          .formatted(
              LATENCY,
              Counters.REQUESTS,
              IntStream.range(0, LatencyBuckets.COUNT)
                  .mapToObj(Counters::latency)
                  .map("sum(%1$s) AS %1$s"::formatted)
                  .collect(Collectors.joining(", ")));

  /** Requests that took no route are of no service. */
  private static final String WORST_SERVICE =
      """
      SELECT t.id, worst.service, worst.failed
        FROM unnest($1::uuid[]) AS t (id)
       CROSS JOIN LATERAL (
         SELECT service, bounded(sum(requests_5)) AS failed
           FROM usage_minute
          WHERE tenant_id = t.id AND at >= $2 AND at <= $3 AND service <> '' AND requests_5 > 0
          GROUP BY service ORDER BY failed DESC, service LIMIT 1
       ) worst
      """;

  /** Hours of earlier days are told apart by the day: what happened on one shall not be usual. */
  private static final String EARLIER =
      """
      SELECT t.id, earlier.latency
        FROM unnest($1::uuid[]) AS t (id)
       CROSS JOIN LATERAL (
         SELECT ARRAY[%s] AS latency
           FROM usage_hour
          WHERE tenant_id = t.id AND at = ANY ($2)
          GROUP BY round(extract(epoch FROM $3::timestamptz - at) / 86400)
       ) earlier
      """
          .formatted(LATENCY);

  /** Days that are looked back. */
  private static final int DAYS = 14;

  /** Fewer days say nothing of what is usual. */
  private static final int FEWEST_DAYS = 3;

  /** A day on which there were fewer requests at this time says nothing. */
  private static final int FEWEST_TIMES = 50;

  /** What was asked of those of whom enough was asked. */
  Map<UUID, Traffic> lately(SqlConnection connection, List<UUID> tenants, Instant now) {
    Map<UUID, Traffic> traffic = lately(connection, tenants, Window.TEN_MINUTES, now);
    List<UUID> quiet = tenants.stream().filter(id -> !hasEnough(traffic.get(id))).toList();
    quiet.forEach(traffic::remove);
    if (!quiet.isEmpty()) {
      lately(connection, quiet, Window.HOUR, now)
          .forEach((id, hour) -> {
            if (hasEnough(hour)) {
              traffic.put(id, hour);
            }
          });
    }
    for (Window window : Window.values()) {
      nameWorst(connection, traffic, window, now);
    }
    return traffic;
  }

  private static void nameWorst(
      SqlConnection connection, Map<UUID, Traffic> traffic, Window window, Instant now) {
    List<UUID> failing =
        traffic.entrySet().stream()
            .filter(one -> one.getValue().window() == window && one.getValue().failed() > 0)
            .map(Map.Entry::getKey)
            .toList();
    if (failing.isEmpty()) {
      return;
    }
    Tuple values = within(failing, window, now);
    for (Row row : connection.preparedQuery(WORST_SERVICE).execute(values).await()) {
      FailingService worst = new FailingService(row.getString("service"), row.getLong("failed"));
      traffic.computeIfPresent(
          row.getUUID("id"), (_, known) -> known.withWorst(Optional.of(worst)));
    }
  }

  private static Tuple within(List<UUID> tenants, Window window, Instant now) {
    Instant from =
        now.truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(window.minutes() - 1));
    return ConditionReader.of(tenants).addOffsetDateTime(utc(from)).addOffsetDateTime(utc(now));
  }

  private static boolean hasEnough(@Nullable Traffic traffic) {
    return traffic != null && traffic.requests() >= Traffic.ENOUGH;
  }

  private static Map<UUID, Traffic> lately(
      SqlConnection connection, List<UUID> tenants, Window window, Instant now) {
    Tuple values = within(tenants, window, now);
    Map<UUID, Traffic> traffic = new HashMap<>();
    for (Row row : connection.preparedQuery(LATELY).execute(values).await()) {
      traffic.put(
          row.getUUID("id"),
          new Traffic(
              window,
              row.getLong("requests"),
              row.getLong("failed"),
              row.getLong("limited"),
              List.of(row.getArrayOfLongs("latency")),
              row.getLong("busiest"),
              Optional.empty()));
    }
    return traffic;
  }

  /**
   * What is usual at this hour of the day: the median, over the last two weeks, of the time within
   * which 95 of 100 requests were done in this hour and the two beside it. Of each of the tenants.
   */
  Map<UUID, Usual> usual(SqlConnection connection, Collection<UUID> tenants, Instant now) {
    Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    Map<UUID, List<Double>> days = new HashMap<>();
    Tuple values =
        ConditionReader.of(tenants)
            .addArrayOfOffsetDateTime(hoursBefore(hour))
            .addOffsetDateTime(utc(hour));
    for (Row row : connection.preparedQuery(EARLIER).execute(values).await()) {
      List<Long> latency = List.of(row.getArrayOfLongs("latency"));
      if (latency.stream().mapToLong(Long::longValue).sum() >= FEWEST_TIMES) {
        days.computeIfAbsent(row.getUUID("id"), _ -> new ArrayList<>())
            .add(LatencyBuckets.quantile(latency, TrafficFactors.QUANTILE));
      }
    }
    return tenants.stream()
        .collect(
            Collectors.toMap(
                id -> id, id -> new Usual(hour, median(days.getOrDefault(id, List.of())))));
  }

  private static OffsetDateTime[] hoursBefore(Instant hour) {
    List<OffsetDateTime> hours = new ArrayList<>();
    for (int day = 1; day <= DAYS; day++) {
      Instant then = hour.minus(Duration.ofDays(day));
      for (int beside = -1; beside <= 1; beside++) {
        hours.add(utc(then.plus(Duration.ofHours(beside))));
      }
    }
    return hours.toArray(OffsetDateTime[]::new);
  }

  static OptionalDouble median(List<Double> days) {
    if (days.size() < FEWEST_DAYS) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = days.stream().sorted().toList();
    return OptionalDouble.of(sorted.get(sorted.size() / 2));
  }
}
