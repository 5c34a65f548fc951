package dev.gatehouse.contract.usage;

import dev.gatehouse.contract.edge.ReportCodec;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What one tenant did over one route within the time of a {@link UsageReport}.
 *
 * @param tenant whose it is
 * @param route id of the route; absent for requests that took none, such as refused ones
 * @param service name of the service; empty where there is no route
 * @param requests by the first digit of their status, six numbers: the first for those that were
 *     never answered. WebSockets are counted when they are opened, with their handshake
 * @param billable how many of them count for the tenant's quota: those that were let in
 * @param limited how many were refused for a limit of the tenant
 * @param refused how many the gateway itself ended, whatever for; the limited ones included
 * @param bytesIn bodies of requests, and what clients sent through WebSockets
 * @param bytesOut bodies of responses, and what was sent to clients through WebSockets
 * @param webSocketMillis for how long WebSockets were open, added up
 * @param micros response times, added up; without WebSockets
 * @param latency the same times, counted as {@link LatencyBuckets} says
 */
public record RouteUsage(
    UUID tenant,
    Optional<UUID> route,
    String service,
    List<Long> requests,
    long billable,
    long limited,
    long refused,
    long bytesIn,
    long bytesOut,
    long webSocketMillis,
    long micros,
    List<Long> latency) {
  /** How many classes of status there are. */
  public static final int CLASSES = 6;

  /**
   * Most that one number can be: no gateway gets there within a report, and what is added up of
   * such numbers stays a number.
   */
  public static final long MOST = 1_000_000_000_000_000L;

  private static final int MOST_NAME = 128;

  /**
   * @throws IllegalArgumentException if a number is negative or beyond {@link #MOST}, there are too
   *     many or too few, or the name of the service is none
   */
  public RouteUsage {
    requests = numbers("requests", requests, CLASSES);
    latency = numbers("latency", latency, LatencyBuckets.COUNT);
    require("billable", billable);
    require("limited", limited);
    require("refused", refused);
    require("bytesIn", bytesIn);
    require("bytesOut", bytesOut);
    require("webSocketMillis", webSocketMillis);
    require("micros", micros);
    if (service.length() > MOST_NAME) {
      throw new IllegalArgumentException("service must be at most " + MOST_NAME + " characters");
    }
    ReportCodec.requirePlain("service", service);
  }

  /** How many requests there were. */
  public long total() {
    return requests.stream().mapToLong(Long::longValue).sum();
  }

  private static List<Long> numbers(String name, List<Long> numbers, int count) {
    if (numbers.size() != count) {
      throw new IllegalArgumentException(
          name + " must be " + count + " numbers, found " + numbers.size());
    }
    numbers.forEach(number -> require(name, number));
    return List.copyOf(numbers);
  }

  private static void require(String name, long number) {
    if (number < 0 || number > MOST) {
      throw new IllegalArgumentException(
          name + " must be between 0 and " + MOST + ", found " + number);
    }
  }
}
