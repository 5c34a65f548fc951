package dev.gatehouse.gateway.directory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From host names to what they stand for. Any thread reads, without locks; one thread writes.
 *
 * <p>Made for a million hosts that are asked for in no order, where a look-up is a wait for memory:
 * a hash map follows pointers from its table to a node, a string, the string's bytes and the value,
 * each known only once the one before has arrived. Here hash, text and value of a host stand at the
 * same place of three arrays (open addressing, linear probing), so that the processor fetches all
 * three at once, and then text and value themselves at once: two waits. The texts are compared
 * whole.
 *
 * <p>What makes it safe without locks: a place belongs to one host from when it is taken, and its
 * hash is written last. Removal takes only the value away. Places of removed hosts are won back
 * when half of all are taken and the hosts move to new arrays, which are published whole; the old
 * ones are not touched again.
 *
 * <p>A host takes 24 to 48 bytes here (more where many were removed) beside its text and value.
 *
 * @param <V> what a host stands for
 */
final class HostIndex<V> {
  private final HostHash hash = HostHash.random();
  private volatile Places places = new Places(16);
  private int size;

  /**
   * Finds what a host stands for. Allocates a copy of its bytes, nothing else.
   *
   * @return null if it is not here
   */
  @SuppressWarnings("unchecked") // Only put() writes values.
  @Nullable V get(String host) {
    byte[] text = host.getBytes(StandardCharsets.UTF_8);
    Places now = places;
    int place = now.find(hashOf(text), text);
    return place < 0 ? null : (V) now.value(place);
  }

  /** Adds a host, or gives it another value. Only the writing thread. */
  void put(String host, V value) {
    byte[] text = host.getBytes(StandardCharsets.UTF_8);
    int hashCode = hashOf(text);
    int place = places.find(hashCode, text);
    if (place >= 0) {
      size += places.value(place) == null ? 1 : 0;
      places.setValue(place, value);
      return;
    }
    if (places.isHalfTaken()) {
      places = places.rebuiltFor(size);
      place = places.find(hashCode, text);
    }
    places.take(~place, hashCode, text, value);
    size++;
  }

  /** Takes a host out; does nothing if it is not here. Only the writing thread. */
  void remove(String host) {
    byte[] text = host.getBytes(StandardCharsets.UTF_8);
    int place = places.find(hashOf(text), text);
    if (place >= 0 && places.value(place) != null) {
      places.setValue(place, null);
      size--;
    }
  }

  /** Never {@link Places#FREE}. */
  private int hashOf(byte[] text) {
    return (int) hash.of(text) | 1 << 31;
  }

  /** Three arrays of one length, a power of two. */
  private static final class Places {
    static final int FREE = 0;
    private static final VarHandle HASHES = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(Object[].class);

    private final int[] hashes;
    private final byte[][] texts;
    private final @Nullable Object[] values;
    private final int mask;
    private int taken;

    Places(int count) {
      hashes = new int[count];
      texts = new byte[count][];
      values = new Object[count];
      mask = count - 1;
    }

    /** The place of a host or, negative, the complement of the free one that it may take. */
    int find(int hash, byte[] text) {
      int place = hash & mask;
      while (true) {
        int found = (int) HASHES.getAcquire(hashes, place);
        if (found == hash && Arrays.equals(texts[place], text)) {
          return place;
        }
        if (found == FREE) {
          return ~place;
        }
        place = (place + 1) & mask;
      }
    }

    @Nullable Object value(int place) {
      return VALUES.getAcquire(values, place);
    }

    void setValue(int place, @Nullable Object value) {
      VALUES.setRelease(values, place, value);
    }

    void take(int place, int hash, byte[] text, Object value) {
      texts[place] = text;
      setValue(place, value);
      HASHES.setRelease(hashes, place, hash);
      taken++;
    }

    boolean isHalfTaken() {
      return taken > mask / 2;
    }

    /** The hosts that have a value, on places enough for as many again before the next time. */
    Places rebuiltFor(int size) {
      Places rebuilt = new Places(Math.max(16, Integer.highestOneBit(3 * size) << 1));
      for (int place = 0; place <= mask; place++) {
        Object value = value(place);
        if (value != null) {
          rebuilt.take(
              ~rebuilt.find(hashes[place], texts[place]), hashes[place], texts[place], value);
        }
      }
      return rebuilt;
    }
  }
}
