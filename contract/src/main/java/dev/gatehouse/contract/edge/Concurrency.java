package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many requests to a service may be in flight from one gateway. Where there are more, they
 * wait, and the tenants take turns by their weight.
 *
 * @param maxRequests in flight at most; where absent, the gateway finds the limit by itself from
 *     how response times change with load
 * @param maxWaiting requests that may wait, over all tenants; 10000 if absent
 * @param maxWaitingPerTenant of them, of one tenant; 1000 if absent
 * @param maxWait how long one may wait; 2 s if absent
 * @param maxConnections to one endpoint; the gateway's default if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Concurrency(
    OptionalInt maxRequests,
    OptionalInt maxWaiting,
    OptionalInt maxWaitingPerTenant,
    Optional<Duration> maxWait,
    OptionalInt maxConnections) {
  /** Every default. */
  public static final Concurrency DEFAULT =
      new Concurrency(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty());

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Concurrency {
    maxRequests.ifPresent(count -> Range.check("maxRequests", count, 1, 1_000_000));
    maxWaiting.ifPresent(count -> Range.check("maxWaiting", count, 0, 100_000));
    maxWaitingPerTenant.ifPresent(count -> Range.check("maxWaitingPerTenant", count, 0, 100_000));
    maxWait.ifPresent(
        time -> Range.check("maxWait", time, Duration.ofMillis(1), Duration.ofMinutes(1)));
    maxConnections.ifPresent(count -> Range.check("maxConnections", count, 1, 100_000));
  }
}
