package dev.gatehouse.gateway.directory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * From host names to tenants, and what of a tenant decides whether a request goes on. Any thread
 * reads, without locks; one thread writes.
 *
 * <p>Made for a million hosts that are asked for in no order, where a look-up is a wait for memory:
 * a hash map follows pointers from its table to a node, a string, the string's bytes and the value,
 * each known only once the one before has arrived. Here the fingerprint of a host stands in one
 * array and the reference to its tenant at the same place of another (open addressing, linear
 * probing), so that the processor fetches both at once: one wait. The tenant itself is not looked
 * at: class of host and status take one byte of the fingerprint, and an array of tenants needs no
 * check of what came out of it.
 *
 * <p>Hosts are told apart by 120 bits of {@link HostHash} and not by their text. Under a key that
 * nobody knows, that two of ten million hosts share them is less likely than 1 in 10<sup>22</sup>,
 * and no choice of hosts makes it likelier.
 *
 * <p>What makes it safe without locks: a place belongs to one host with one class and status from
 * when it is taken, and they are written last; only the tenant comes and goes. What gets another
 * status enters its new place before it leaves the old one, and a reader who passed the new one
 * before and the old one after looks again. Places without a tenant are won back when half of all
 * are taken and the hosts move to new arrays, which are published whole; the old ones are not
 * touched again.
 *
 * <p>A host takes 40 to 80 bytes here (more where many were removed), and its text nothing.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
final class HostIndex {
  private final HostHash hash = HostHash.random();
  private volatile Places places = new Places(16);
  private volatile int moves;
  private int size;

  /**
   * Finds whose a host is. Allocates a copy of its bytes and small objects, nothing that grows.
   *
   * @return null if it is not here
   */
  @Nullable TenantHost get(String host) {
    Fingerprint fingerprint = fingerprintOf(host);
    while (true) {
      int movesBefore = moves;
      TenantHost found = places.get(fingerprint);
      if (found != null || movesBefore == moves) {
        return found;
      }
    }
  }

  /** Adds a host, or changes what it is. Only the writing thread. */
  void put(String host, TenantHost what) {
    Fingerprint fingerprint = fingerprintOf(host);
    if (places.isHalfTaken()) {
      places = places.rebuiltFor(size);
    }
    int before = places.find(fingerprint);
    int now = places.put(fingerprint, what.mark(), what.tenant());
    if (before == Places.NONE) {
      size++;
    } else if (before != now) {
      moves++;
      places.empty(before);
    }
  }

  /** Takes a host out; does nothing if it is not here. Only the writing thread. */
  void remove(String host) {
    int place = places.find(fingerprintOf(host));
    if (place != Places.NONE) {
      places.empty(place);
      size--;
    }
  }

  private Fingerprint fingerprintOf(String host) {
    return hash.of(host.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Two arrays, with room for as many places as is a power of two. A place is two longs, the
   * fingerprint with the mark in place of its last byte, and a tenant. A mark is never 0, which
   * says that a place is free.
   */
  private static final class Places {
    static final int NONE = -1;
    private static final long MARK = 0xff;
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle TENANTS = MethodHandles.arrayElementVarHandle(Tenant[].class);

    private final long[] hosts;
    private final @Nullable Tenant[] tenants;
    private final int mask;
    private int taken;

    Places(int count) {
      hosts = new long[2 * count];
      tenants = new Tenant[count];
      mask = count - 1;
    }

    @Nullable TenantHost get(Fingerprint host) {
      int place = find(host);
      Tenant tenant = place == NONE ? null : tenant(place);
      return tenant == null ? null : TenantHost.marked(tenant, (int) (second(place) & MARK));
    }

    /** The place of a host where its tenant is; {@link #NONE} if there is none. */
    int find(Fingerprint host) {
      int place = (int) host.first() & mask;
      while (true) {
        long second = second(place);
        if (second == 0) {
          return NONE;
        }
        if (hosts[2 * place] == host.first()
            && ((second ^ host.second()) & ~MARK) == 0
            && tenant(place) != null) {
          return place;
        }
        place = (place + 1) & mask;
      }
    }

    /** Gives a host a tenant at the place for that mark, and takes one if it has none yet. */
    int put(Fingerprint host, int mark, Tenant tenant) {
      long wanted = (host.second() & ~MARK) | mark;
      int place = (int) host.first() & mask;
      while (true) {
        long second = second(place);
        if (second == wanted && hosts[2 * place] == host.first()) {
          TENANTS.setRelease(tenants, place, tenant);
          return place;
        }
        if (second == 0) {
          hosts[2 * place] = host.first();
          TENANTS.setRelease(tenants, place, tenant);
          LONGS.setRelease(hosts, 2 * place + 1, wanted);
          taken++;
          return place;
        }
        place = (place + 1) & mask;
      }
    }

    void empty(int place) {
      TENANTS.setRelease(tenants, place, null);
    }

    boolean isHalfTaken() {
      return taken > mask / 2;
    }

    /** The hosts that have a tenant, on places enough for as many again before the next time. */
    Places rebuiltFor(int size) {
      Places rebuilt = new Places(Math.max(16, Integer.highestOneBit(3 * size) << 1));
      for (int place = 0; place <= mask; place++) {
        Tenant tenant = tenant(place);
        if (tenant != null) {
          long second = second(place);
          rebuilt.put(new Fingerprint(hosts[2 * place], second), (int) (second & MARK), tenant);
        }
      }
      return rebuilt;
    }

    private @Nullable Tenant tenant(int place) {
      return (Tenant) TENANTS.getAcquire(tenants, place);
    }

    private long second(int place) {
      return (long) LONGS.getAcquire(hosts, 2 * place + 1);
    }
  }
}
