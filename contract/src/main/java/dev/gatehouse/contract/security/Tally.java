package dev.gatehouse.contract.security;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how often things happen, for a bounded number of different things; of more it counts only
 * how many there were. Any thread; counting never waits for I/O and is no more than an increment.
 *
 * @param <K> what is counted; a value with {@code equals}
 */
public final class Tally<K> {
  private final int maxKeys;
  private final ConcurrentHashMap<K, Long> counts = new ConcurrentHashMap<>();
  private final LongAdder others = new LongAdder();

  /**
   * @param maxKeys how many different things are told apart until the next {@link #take}
   */
  public Tally(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  /** It has happened once more. */
  public void count(K key) {
    add(key, 1);
  }

  /** It has happened so often more. */
  public void add(K key, long times) {
    if (counts.size() < maxKeys || counts.containsKey(key)) {
      counts.merge(key, times, Long::sum);
    } else {
      others.add(times);
    }
  }

  /** Things that there was no room for have happened so often more. */
  public void addOthers(long times) {
    others.add(times);
  }

  /** What was counted since the last time; each count is given once. */
  public Map<K, Long> take() {
    Map<K, Long> taken = new HashMap<>();
    for (K key : counts.keySet()) {
      Long times = counts.remove(key);
      if (times != null) {
        taken.put(key, times);
      }
    }
    return taken;
  }

  /** How often something happened that there was no room for; given once. */
  public long takeOthers() {
    return others.sumThenReset();
  }
}
