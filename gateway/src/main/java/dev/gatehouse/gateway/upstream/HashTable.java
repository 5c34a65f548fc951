package dev.gatehouse.gateway.upstream;

import java.util.List;

/**
 * Consistent hashing by a table whose slots are each won by weighted rendezvous: every target draws
 * for every slot from its own name, and the shortest draw wins. A target's draws do not depend on
 * the others, so one that leaves gives up its slots and no other slot moves, and one that comes
 * takes its share alike from all. Two gateways with the same targets have the same table.
 * Immutable.
 *
 * <p>Building it again costs a comparison for each target and slot; the draws are made once for
 * each target (see {@link Draws}).
 */
final class HashTable {
  /** A power of two. A share of a tenth of the keys is exact to about a thirtieth of itself. */
  static final int SLOTS = 8192;

  private final Target[] winners;

  private HashTable(Target[] winners) {
    this.winners = winners;
  }

  /**
   * Builds a table.
   *
   * @param targets at least one
   * @param draws of each of them, in the same order
   */
  static HashTable of(List<Target> targets, List<Draws> draws) {
    Target[] winners = new Target[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      int best = 0;
      for (int i = 1; i < targets.size(); i++) {
        if (draws.get(i).beats(draws.get(best), slot)) {
          best = i;
        }
      }
      winners[slot] = targets.get(best);
    }
    return new HashTable(winners);
  }

  /** Whose the key is. */
  Target at(long key) {
    return winners[(int) key & (SLOTS - 1)];
  }

  /**
   * One target's draw for every slot: exponentially distributed, with its weight as the rate, so
   * that the chance to be the shortest is proportional to the weight.
   */
  static final class Draws {
    private final String name;
    private final int weight;
    private final float[] values = new float[SLOTS];

    Draws(String name, int weight) {
      this.name = name;
      this.weight = weight;
      long seed = HashKey.mix(HashKey.of(name));
      for (int slot = 0; slot < SLOTS; slot++) {
        long bits = HashKey.mix(seed + slot * 0x9E3779B97F4A7C15L) >>> 11;
        // StrictMath: the same on every machine.
        values[slot] = (float) (-StrictMath.log((bits + 0.5) * 0x1p-53) / weight);
      }
    }

    int weight() {
      return weight;
    }

    private boolean beats(Draws other, int slot) {
      return values[slot] < other.values[slot]
          || (values[slot] == other.values[slot] && name.compareTo(other.name) < 0);
    }
  }
}
