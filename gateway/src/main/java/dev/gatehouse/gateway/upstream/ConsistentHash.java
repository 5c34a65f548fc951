package dev.gatehouse.gateway.upstream;

import java.util.List;

/**
 * The same target for the same key, as long as it takes part. Where it was tried, the next ones in
 * an order of the key's own. Slow start does not apply: it would move keys twice.
 */
final class ConsistentHash implements Balancer {
  private static final int PROBES = 64;

  private TargetSet set;

  ConsistentHash(TargetSet set) {
    this.set = set;
  }

  @Override
  public void adopt(TargetSet next) {
    set = next;
  }

  @Override
  public Target choose(long key, List<Target> tried, boolean warming, long now) {
    HashTable table = set.table().orElseThrow();
    Target target = table.at(key);
    long next = key;
    for (int i = 0; i < PROBES && tried.contains(target); i++) {
      next = HashKey.mix(next + 1);
      target = table.at(next);
    }
    return tried.contains(target) ? firstUntried(tried) : target;
  }

  private Target firstUntried(List<Target> tried) {
    for (Target target : set.usable()) {
      if (!tried.contains(target)) {
        return target;
      }
    }
    throw new IllegalStateException("every target was tried");
  }
}
