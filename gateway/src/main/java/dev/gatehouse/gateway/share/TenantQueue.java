package dev.gatehouse.gateway.share;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one tenant that wait for one service, first come, first served. A linked list
 * through the permits, so that one can leave from anywhere. A tenant with nothing waiting has none.
 */
final class TenantQueue {
  final UUID tenant;

  /** Requests that it may still send in its present turn; see {@link FairQueue}. */
  int deficit;

  @Nullable TenantQueue previous;
  @Nullable TenantQueue next;
  private @Nullable Permit first;
  private @Nullable Permit last;
  private int size;
  private int weight;

  TenantQueue(UUID tenant) {
    this.tenant = tenant;
  }

  int size() {
    return size;
  }

  int weight() {
    return weight;
  }

  void add(Permit permit, int currentWeight) {
    weight = currentWeight;
    permit.queue = this;
    permit.previous = last;
    if (last == null) {
      first = permit;
    } else {
      last.next = permit;
    }
    last = permit;
    size++;
  }

  void remove(Permit permit) {
    if (permit.previous == null) {
      first = permit.next;
    } else {
      permit.previous.next = permit.next;
    }
    if (permit.next == null) {
      last = permit.previous;
    } else {
      permit.next.previous = permit.previous;
    }
    permit.previous = null;
    permit.next = null;
    permit.queue = null;
    size--;
  }

  /** The one that waits longest. */
  @Nullable Permit oldest() {
    return first;
  }

  /** The one that came last. */
  @Nullable Permit newest() {
    return last;
  }

  /** Adds those whose time is up to a list. Looks no further than the first whose time is not. */
  void collectExpired(long nowNanos, List<Permit> expired) {
    for (Permit permit = first;
        permit != null && nowNanos - permit.deadlineNanos >= 0;
        permit = permit.next) {
      expired.add(permit);
    }
  }
}
