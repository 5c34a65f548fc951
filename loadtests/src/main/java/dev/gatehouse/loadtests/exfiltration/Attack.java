package dev.gatehouse.loadtests.exfiltration;

import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one caller does, each at a tenant of its own, by an API key that was used as ever before.
 */
enum Attack {
  /** Ten times its usual volume, at once. */
  SUDDEN("10 times its usual volume", Action.ALARM),
  /** The same, at a tenant whose callers are cut off. */
  SUDDEN_CUT_OFF("the same, cut off", Action.CUT_OFF),
  /** Half as much again, every day. */
  SLOW("1.5 times more every day", Action.ALARM),
  /** Half as much again, and no more. */
  STEADY("1.5 times, every day the same", Action.ALARM);

  private static final double SUDDENLY = 10;
  private static final double SLOWLY = 1.5;

  private final String title;
  private final Action action;

  Attack(String title, Action action) {
    this.title = title;
    this.action = action;
  }

  String title() {
    return title;
  }

  /** What its tenant says of itself. */
  EgressBudget budget() {
    return new EgressBudget(
        Optional.of(action),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** What becomes of it. */
  Action action() {
    return action;
  }

  /**
   * How many times the usual volume is fetched.
   *
   * @param day of the attack, from 0; before it if negative
   */
  double factor(int day) {
    if (day < 0) {
      return 1;
    }
    return switch (this) {
      case SUDDEN, SUDDEN_CUT_OFF -> SUDDENLY;
      case SLOW -> Math.pow(SLOWLY, day + 1.0);
      case STEADY -> SLOWLY;
    };
  }
}
