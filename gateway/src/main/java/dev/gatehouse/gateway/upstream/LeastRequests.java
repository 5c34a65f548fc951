package dev.gatehouse.gateway.upstream;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The power of two choices: two different targets are drawn by weight, and the one with fewer
 * requests in flight for its weight is chosen; the first where they are equal, so that without load
 * the shares are those of the weights.
 */
final class LeastRequests implements Balancer {
  private static final int DRAWS_FOR_ANOTHER = 4;

  private final RandomGenerator random;
  private TargetSet set;

  LeastRequests(TargetSet set, RandomGenerator random) {
    this.set = set;
    this.random = random;
  }

  @Override
  public void adopt(TargetSet next) {
    set = next;
  }

  @Override
  public Target choose(long key, List<Target> tried, boolean warming, long now) {
    long total = 0;
    for (int i = 0; i < set.usable().size(); i++) {
      total += weight(set.usable().get(i), tried, warming, now);
    }
    Target first = draw(total, tried, warming, now);
    Target second = first;
    for (int i = 0; i < DRAWS_FOR_ANOTHER && second == first; i++) {
      second = draw(total, tried, warming, now);
    }
    long firstLoad = first.inFlight() * weight(second, tried, warming, now);
    long secondLoad = second.inFlight() * weight(first, tried, warming, now);
    return secondLoad < firstLoad ? second : first;
  }

  private Target draw(long total, List<Target> tried, boolean warming, long now) {
    long point = random.nextLong(total);
    Target last = set.usable().getFirst();
    for (int i = 0; i < set.usable().size(); i++) {
      Target target = set.usable().get(i);
      long weight = weight(target, tried, warming, now);
      if (weight > 0) {
        last = target;
        point -= weight;
        if (point < 0) {
          return target;
        }
      }
    }
    // Only where a weight changed in between.
    return last;
  }

  private long weight(Target target, List<Target> tried, boolean warming, long now) {
    if (!tried.isEmpty() && tried.contains(target)) {
      return 0;
    }
    return warming ? set.weightAt(target, now) : (long) target.weight() * TargetSet.WEIGHT_UNIT;
  }
}
