package dev.gatehouse.gateway.authenticate;

import org.jspecify.annotations.Nullable;

/**
 * The signed contexts of one caller, one for each service, {@value #MAX} at most. Kept with the
 * caller and not in a cache beside it: a request has the caller at hand, and every further look-up
 * among all tenants is a walk through cold memory. Reads take no lock; one that meets a change may
 * miss an entry, which costs a signature and nothing else.
 */
public final class SignedContexts {
  private static final int MAX = 4;

  private volatile @Nullable Entry first;

  /**
   * Finds the context for a service.
   *
   * @param tenant the tenant as it was signed; another object is another state of the tenant
   * @return null if there is none that may be used at this time
   */
  @SuppressWarnings("ReferenceEquality") // A tenant is replaced, never changed.
  public @Nullable String find(Object tenant, String service, long nowMillis) {
    for (Entry entry = first; entry != null; entry = entry.next) {
      if (entry.tenant == tenant && entry.service.equals(service) && !entry.isOver(nowMillis)) {
        return entry.context;
      }
    }
    return null;
  }

  /** Keeps a context; the oldest goes when there are too many. */
  public synchronized Entry keep(
      Object tenant, String service, String context, long reusableUntilMillis) {
    Entry entry = new Entry(this, tenant, service, context, reusableUntilMillis, first);
    Entry last = entry;
    for (int kept = 1; kept < MAX && last.next != null; kept++) {
      last = last.next;
    }
    last.next = null;
    first = entry;
    return entry;
  }

  @SuppressWarnings("ReferenceEquality")
  private synchronized void forget(Entry gone) {
    Entry head = first;
    if (head == gone) {
      first = gone.next;
      return;
    }
    for (Entry entry = head; entry != null; entry = entry.next) {
      if (entry.next == gone) {
        entry.next = gone.next;
      }
    }
    // Publishes what was changed behind it.
    first = head;
  }

  /** One signed context. */
  public static final class Entry {
    private final SignedContexts owner;
    private final Object tenant;
    private final String service;
    private final String context;
    private final long reusableUntilMillis;
    private @Nullable Entry next;

    private Entry(
        SignedContexts owner,
        Object tenant,
        String service,
        String context,
        long reusableUntilMillis,
        @Nullable Entry next) {
      this.owner = owner;
      this.tenant = tenant;
      this.service = service;
      this.context = context;
      this.reusableUntilMillis = reusableUntilMillis;
      this.next = next;
    }

    /** Whether its time is over. */
    public boolean isOver(long nowMillis) {
      return nowMillis >= reusableUntilMillis;
    }

    /** Lets the caller let go of it. */
    public void forget() {
      owner.forget(this);
    }
  }
}
