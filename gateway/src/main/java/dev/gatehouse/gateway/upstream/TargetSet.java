package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.Balancing;
import java.util.List;
import java.util.Optional;

/**
 * What a pool has published: who takes part, and by which rule. Immutable; replaced whole, so that
 * an event loop sees by one read whether anything has changed.
 *
 * @param policy how to choose
 * @param usable who takes part
 * @param fit who could take part where those were all tried, of any zone
 * @param panic whether health is ignored, because too few are fit
 * @param local whether only the gateway's own zone takes part
 * @param slowStartNanos how long a target takes to get its full share; 0 for at once
 * @param warmAt when the last of them has its full share, on the pool's clock; {@link Fitness#WARM}
 *     if all have it
 * @param table for consistent hashing
 */
record TargetSet(
    Balancing.Policy policy,
    List<Target> usable,
    List<Target> fit,
    boolean panic,
    boolean local,
    long slowStartNanos,
    long warmAt,
    Optional<HashTable> table) {
  /** A weight of 1, to leave room for parts of it while a target warms up. */
  static final int WEIGHT_UNIT = 1000;

  private static final double COLDEST = 0.1;

  /** Why a target is not chosen for a first attempt; empty if it may be. */
  Optional<String> whyNot(Target target) {
    if (usable.contains(target)) {
      return Optional.empty();
    }
    return Optional.of(
        target.fitness.fit()
            ? "of another zone, while enough of the gateway's own is fit"
            : target.fitness.state() + ": " + target.fitness.reason());
  }

  /** Whether some target has less than its full share. */
  boolean warming(long now) {
    return warmAt != Fitness.WARM && now - warmAt < 0;
  }

  /** The share of a target, in {@link #WEIGHT_UNIT}s: from a tenth to the whole of its weight. */
  long weightAt(Target target, long now) {
    long full = (long) target.weight() * WEIGHT_UNIT;
    long warmFrom = target.fitness.warmFrom();
    if (warmFrom == Fitness.WARM || now - warmFrom >= slowStartNanos) {
      return full;
    }
    double part = Math.max(0, now - warmFrom) / (double) slowStartNanos;
    return (long) (full * (COLDEST + (1 - COLDEST) * part));
  }
}
