package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.health.Facts.BlueprintFault;
import java.util.Comparator;

/** Whether a tenant's tables are those that the application expects. A pure function. */
final class BlueprintFactor {
  private static final String EXPECTED = "the current version";
  private static final int LONGEST_ERROR = 200;

  private BlueprintFactor() {}

  static Finding of(Facts facts) {
    return facts.blueprints().stream()
        .min(Comparator.comparingInt(BlueprintFactor::points).thenComparing(BlueprintFault::name))
        .map(worst -> found(worst, facts.blueprints().size() - 1))
        .orElseGet(() ->
            Finding.fine(
                Factor.BLUEPRINTS,
                "current",
                EXPECTED,
                "Its tables have the current version of every blueprint, or it has no place."));
  }

  private static int points(BlueprintFault fault) {
    if (fault.error().isPresent()) {
      return fault.has() < fault.current() ? 40 : 60;
    }
    return fault.current() - fault.has() > 1 ? 65 : 75;
  }

  private static Finding found(BlueprintFault worst, int others) {
    String reason =
        worst
            .error()
            .map(error ->
                "A migration of the blueprint %s failed at its place, which has version %d: %s."
                    .formatted(worst.name(), worst.has(), shortened(error)))
            .orElseGet(() ->
                "Its tables have version %d of the blueprint %s; the others have version %d."
                    .formatted(worst.has(), worst.name(), worst.current()));
    return Finding.of(
        Factor.BLUEPRINTS,
        points(worst),
        "version " + worst.has(),
        EXPECTED + ", " + worst.current(),
        reason + Wording.alsoOf(others),
        worst.error().isPresent()
            ? "Mend what the migration failed for, and roll the version out again."
            : "Roll the current version out again: it reaches the places that are behind.");
  }

  private static String shortened(String error) {
    String line = error.strip().lines().findFirst().orElse("").strip();
    String text = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
  }
}
