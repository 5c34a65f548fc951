package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.OptionalLong;

/**
 * A tenant's share as the edge enforces it. What is absent is not limited.
 *
 * @param requestsPerSecond sustained rate over all gateways
 * @param burst requests that may come at once; {@code requestsPerSecond} if absent
 * @param concurrentRequests requests in flight at one gateway
 * @param maxBodyBytes longest request body
 * @param webSockets open at one gateway
 * @param requestsPerMonth requests that are let in within a calendar month (UTC), over all gateways
 * @param bandwidthGbPerMonth bytes of bodies and WebSockets within a calendar month, both ways,
 *     over all gateways, in units of 10<sup>9</sup>
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeLimits(
    OptionalLong requestsPerSecond,
    OptionalLong burst,
    OptionalLong concurrentRequests,
    OptionalLong maxBodyBytes,
    OptionalLong webSockets,
    OptionalLong requestsPerMonth,
    OptionalLong bandwidthGbPerMonth) {

  /** No limit at all. */
  public static final EdgeLimits NONE =
      new EdgeLimits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  /** Limits without one for a month. */
  public EdgeLimits(
      OptionalLong requestsPerSecond,
      OptionalLong burst,
      OptionalLong concurrentRequests,
      OptionalLong maxBodyBytes,
      OptionalLong webSockets) {
    this(
        requestsPerSecond,
        burst,
        concurrentRequests,
        maxBodyBytes,
        webSockets,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Limits without one for WebSockets, or for a month. */
  public EdgeLimits(
      OptionalLong requestsPerSecond,
      OptionalLong burst,
      OptionalLong concurrentRequests,
      OptionalLong maxBodyBytes) {
    this(requestsPerSecond, burst, concurrentRequests, maxBodyBytes, OptionalLong.empty());
  }

  /** These limits and, where one of them is absent, the one of a plan. */
  public EdgeLimits orElse(EdgeLimits plan) {
    return new EdgeLimits(
        either(requestsPerSecond, plan.requestsPerSecond),
        either(burst, plan.burst),
        either(concurrentRequests, plan.concurrentRequests),
        either(maxBodyBytes, plan.maxBodyBytes),
        either(webSockets, plan.webSockets),
        either(requestsPerMonth, plan.requestsPerMonth),
        either(bandwidthGbPerMonth, plan.bandwidthGbPerMonth));
  }

  private static OptionalLong either(OptionalLong own, OptionalLong plan) {
    return own.isPresent() ? own : plan;
  }
}
