package dev.gatehouse.controlplane.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of a request.
 *
 * @param answer what is answered
 * @param waited how long the caller was willing to wait for the gateways; empty if it did not ask
 *     for that, or nothing was changed for them
 * @param lagging the live gateways that had not applied the change by then
 */
public record Outcome(Answer answer, Optional<Duration> waited, List<String> lagging) {
  static Outcome of(Answer answer) {
    return new Outcome(answer, Optional.empty(), List.of());
  }
}
