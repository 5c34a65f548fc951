package dev.gatehouse.loadtests.neighbours;

/**
 * In which the quiet tenant is measured.
 *
 * @param neighbour whether another tenant sends ten times its share
 */
record Situation(String name, Policy policy, boolean neighbour) {
  /** Nobody else sends anything. */
  static final Situation ALONE = new Situation("alone", Policy.ADAPTIVE, false);

  /** The gateway as it comes. */
  static final Situation ADAPTIVE = new Situation("beside it, limit found", Policy.ADAPTIVE, true);

  /** Told how much the application can do. */
  static final Situation FIXED = new Situation("beside it, limit fixed", Policy.FIXED, true);

  /** As if there were no gateway. */
  static final Situation NONE = new Situation("beside it, no limit", Policy.NONE, true);
}
