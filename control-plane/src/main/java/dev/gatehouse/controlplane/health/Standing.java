package dev.gatehouse.controlplane.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * In which state a tenant is taken to be. It changes only when what the rounds find has been away
 * from it, to the same side, for a while: to the worse for a minute, to the better for five. So it
 * does not come and go with a value at a bound.
 *
 * @param since when it is in the state
 * @param leaning to which side of it the last rounds were, and since when
 */
record Standing(HealthState state, Instant since, Optional<Leaning> leaning) {
  /** To which side of a state, and since when. */
  record Leaning(Side side, Instant since) {}

  /** A side of a state. */
  enum Side {
    WORSE(Duration.ofMinutes(1)),
    BETTER(Duration.ofMinutes(5)),
    UNKNOWN(Duration.ofMinutes(5));

    private final Duration longEnough;

    Side(Duration longEnough) {
      this.longEnough = longEnough;
    }
  }

  /** Of somebody of whom nothing was known. */
  static Standing first(Instant now) {
    return new Standing(HealthState.UNKNOWN, now, Optional.empty());
  }

  /** After one more round has found this. */
  Standing after(HealthState found, Instant now) {
    if (found == state) {
      return new Standing(state, since, Optional.empty());
    }
    if (state == HealthState.UNKNOWN && found == HealthState.HEALTHY) {
      return new Standing(found, now, Optional.empty());
    }
    Side side = side(found);
    Leaning lean =
        leaning
            .filter(before -> before.side == side && !before.since.isAfter(now))
            .orElseGet(() -> new Leaning(side, now));
    boolean held = !lean.since.plus(side.longEnough).isAfter(now);
    return held
        ? new Standing(found, now, Optional.empty())
        : new Standing(state, since, Optional.of(lean));
  }

  private Side side(HealthState found) {
    if (found == HealthState.UNKNOWN) {
      return Side.UNKNOWN;
    }
    return state == HealthState.UNKNOWN || found.compareTo(state) > 0 ? Side.WORSE : Side.BETTER;
  }
}
