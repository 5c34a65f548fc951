package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What takes an endpoint out for a while because live requests to it fail: no connection, broken
 * off, timed out, or answered 5xx.
 *
 * @param consecutiveFailures in a row that eject it; 5 if absent
 * @param ejectionTime of its first ejection; each further one is longer by as much; 30 s if absent
 * @param maxEjectionTime of any ejection; 5 min if absent
 * @param maxEjectedPercent how many of the service's endpoints may be out at once, 0 to 50; 50 if
 *     absent; 0 turns it off
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record OutlierDetection(
    OptionalInt consecutiveFailures,
    Optional<Duration> ejectionTime,
    Optional<Duration> maxEjectionTime,
    OptionalInt maxEjectedPercent) {
  /** Every default. */
  public static final OutlierDetection DEFAULT =
      new OutlierDetection(
          OptionalInt.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty());

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public OutlierDetection {
    consecutiveFailures.ifPresent(count -> Range.check("consecutiveFailures", count, 1, 1000));
    ejectionTime.ifPresent(
        time -> Range.check("ejectionTime", time, Duration.ofMillis(100), Duration.ofHours(1)));
    maxEjectionTime.ifPresent(
        time -> Range.check("maxEjectionTime", time, Duration.ofMillis(100), Duration.ofHours(24)));
    maxEjectedPercent.ifPresent(percent -> Range.check("maxEjectedPercent", percent, 0, 50));
  }
}
