package dev.gatehouse.gateway.upstream;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Smooth weighted round robin, as nginx does it: at each turn every target gains its weight, the
 * richest is chosen and pays the sum of all weights. Over as many turns as the weights sum up to,
 * every target has exactly its share, and the turns of a heavy one are spread out.
 */
final class RoundRobin implements Balancer {
  private final RandomGenerator random;
  private TargetSet set;
  private long[] gained = new long[0];

  RoundRobin(TargetSet set, RandomGenerator random) {
    this.random = random;
    this.set = set;
    this.gained = new long[set.usable().size()];
    startSomewhere();
  }

  @Override
  public void adopt(TargetSet next) {
    IdentityHashMap<Target, Long> kept = new IdentityHashMap<>();
    for (int i = 0; i < gained.length; i++) {
      kept.put(set.usable().get(i), gained[i]);
    }
    gained = next.usable().stream().mapToLong(target -> kept.getOrDefault(target, 0L)).toArray();
    set = next;
  }

  @Override
  public Target choose(long key, List<Target> tried, boolean warming, long now) {
    List<Target> targets = set.usable();
    long total = 0;
    int best = -1;
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (!tried.isEmpty() && tried.contains(target)) {
        continue;
      }
      long weight =
          warming ? set.weightAt(target, now) : (long) target.weight() * TargetSet.WEIGHT_UNIT;
      total += weight;
      gained[i] += weight;
      if (best < 0 || gained[i] > gained[best]) {
        best = i;
      }
    }
    gained[best] -= total;
    return targets.get(best);
  }

  /** Event loops that all began with the first target would send it too much. */
  private void startSomewhere() {
    int turns = gained.length < 2 ? 0 : random.nextInt(gained.length);
    for (int i = 0; i < turns; i++) {
      choose(0, List.of(), false, 0);
    }
  }
}
