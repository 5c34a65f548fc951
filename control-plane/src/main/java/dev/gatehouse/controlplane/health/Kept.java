package dev.gatehouse.controlplane.health;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is kept of a tenant's health from one round to the next.
 *
 * @param told the state that the audit trail has last
 * @param keptAt when the last row of the history is from; none where there is none
 * @param keptScore the score of that row
 * @param usual what was usual when it was last asked for
 */
record Kept(
    Standing standing,
    HealthState told,
    Optional<Instant> keptAt,
    OptionalInt keptScore,
    Optional<Usual> usual) {
  /** Of somebody of whom nothing was known: to be well is nothing to be told. */
  static Kept first(Instant now) {
    return new Kept(
        Standing.first(now),
        HealthState.HEALTHY,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }
}
