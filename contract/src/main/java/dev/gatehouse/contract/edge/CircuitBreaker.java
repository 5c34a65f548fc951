package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What stops requests to a service that fails as a whole, until a few trials succeed.
 *
 * @param failureRatePercent of the last requests that opens it, 1 to 100; 50 if absent
 * @param window how many of the last requests count; 100 if absent
 * @param minimumRequests that must have been seen before it may open; 20 if absent
 * @param openFor how long it stays open before trials; 10 s if absent
 * @param trials requests let through then; 5 if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CircuitBreaker(
    OptionalInt failureRatePercent,
    OptionalInt window,
    OptionalInt minimumRequests,
    Optional<Duration> openFor,
    OptionalInt trials) {

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public CircuitBreaker {
    failureRatePercent.ifPresent(percent -> Range.check("failureRatePercent", percent, 1, 100));
    window.ifPresent(count -> Range.check("window", count, 1, 10_000));
    minimumRequests.ifPresent(count -> Range.check("minimumRequests", count, 1, 10_000));
    openFor.ifPresent(
        time -> Range.check("openFor", time, Duration.ofMillis(100), Duration.ofHours(1)));
    trials.ifPresent(count -> Range.check("trials", count, 1, 1000));
  }
}
