package dev.gatehouse.controlplane.health;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a factor found.
 *
 * @param points from 0 to 100; none where it cannot be said
 * @param measured the value, to be read
 * @param expected what it should be
 * @param reason a sentence that can be read to the tenant
 * @param advice what to do, where something can be done
 */
record Finding(
    Factor factor,
    OptionalInt points,
    String measured,
    String expected,
    String reason,
    Optional<String> advice) {
  static final int BEST = 100;

  /** The worst first; what is not known comes last. */
  static final Comparator<Finding> WORST_FIRST =
      Comparator.comparingInt((Finding finding) -> finding.points.orElse(BEST + 1))
          .thenComparing(Finding::factor);

  static Finding of(
      Factor factor, int points, String measured, String expected, String reason, String advice) {
    Optional<String> told = points < BEST ? Optional.of(advice) : Optional.empty();
    return new Finding(factor, OptionalInt.of(points), measured, expected, reason, told);
  }

  /** All is well. */
  static Finding fine(Factor factor, String measured, String expected, String reason) {
    return new Finding(factor, OptionalInt.of(BEST), measured, expected, reason, Optional.empty());
  }

  /** Nothing can be said. */
  static Finding unknown(Factor factor, String expected, String reason) {
    return new Finding(
        factor, OptionalInt.empty(), "not known", expected, reason, Optional.empty());
  }

  /** Whether something is wrong, however little. */
  boolean isFault() {
    return points.isPresent() && points.getAsInt() < BEST;
  }

  JsonObject toJson() {
    JsonObject document = new JsonObject().put("factor", factor.wireName());
    points.ifPresent(found -> document.put("points", found));
    document.put("measured", measured).put("expected", expected).put("reason", reason);
    advice.ifPresent(text -> document.put("advice", text));
    return document;
  }
}
