package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * When a request is sent again, to another endpoint where there is one. Only where it is safe: no
 * byte of the response was passed on, the body can be sent again, and the method is idempotent (RFC
 * 9110 section 9.2.2) or the upstream cannot have seen the request.
 *
 * @param attempts in all, the first one included, 1 to 5; 2 if absent; 1 turns retries off
 * @param onStatus answers that are tried again, of 5xx and 429; 502, 503 and 504 if absent
 * @param budgetPercent how many retries there may be for each hundred requests, 0 to 100; 20 if
 *     absent
 * @param hedgeAfter when a second attempt is made beside the first one that has not answered; never
 *     if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Retries(
    OptionalInt attempts,
    Optional<Set<Integer>> onStatus,
    OptionalInt budgetPercent,
    Optional<Duration> hedgeAfter) {
  /** Every default. */
  public static final Retries DEFAULT =
      new Retries(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Retries {
    attempts.ifPresent(count -> Range.check("attempts", count, 1, 5));
    onStatus = onStatus.map(Set::copyOf);
    onStatus.ifPresent(statuses ->
        statuses.stream()
            .filter(status -> status != 429)
            .forEach(status -> Range.check("onStatus", status, 500, 599)));
    budgetPercent.ifPresent(percent -> Range.check("budgetPercent", percent, 0, 100));
    hedgeAfter.ifPresent(
        time -> Range.check("hedgeAfter", time, Duration.ofMillis(1), Duration.ofMinutes(1)));
  }
}
