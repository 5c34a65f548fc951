package dev.gatehouse.gateway.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash table that is asked with a part of a string, so that no segment of a path is ever made
 * into a string of its own. Immutable; open addressing, at most half full.
 */
final class SegmentMap<V> {
  private final String[] keys;
  private final Object[] values;
  private final int mask;

  private SegmentMap(int capacity) {
    this.keys = new String[capacity];
    this.values = new Object[capacity];
    this.mask = capacity - 1;
  }

  static <V> SegmentMap<V> copyOf(Map<String, V> entries) {
    SegmentMap<V> map =
        new SegmentMap<>(entries.isEmpty() ? 0 : Integer.highestOneBit(entries.size()) * 4);
    entries.forEach(map::put);
    return map;
  }

  boolean isEmpty() {
    return keys.length == 0;
  }

  /** The value of a segment; null if there is none. */
  @SuppressWarnings("unchecked") // Only put() writes.
  @Nullable V get(String text, int from, int to) {
    if (keys.length == 0) {
      return null;
    }
    int length = to - from;
    for (int i = slot(text, from, to); keys[i] != null; i = (i + 1) & mask) {
      if (keys[i].length() == length && text.startsWith(keys[i], from)) {
        return (V) values[i];
      }
    }
    return null;
  }

  private void put(String key, V value) {
    int i = slot(key, 0, key.length());
    while (keys[i] != null) {
      i = (i + 1) & mask;
    }
    keys[i] = key;
    values[i] = value;
  }

  private int slot(String text, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return (hash ^ hash >>> 16) & mask;
  }
}
