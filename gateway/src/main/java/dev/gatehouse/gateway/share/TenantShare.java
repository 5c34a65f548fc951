package dev.gatehouse.gateway.share;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one tenant that wait for one service, first come, first served. A tenant with
 * nothing waiting has none.
 */
final class TenantQueue {
  final UUID tenant;

  /** Requests that it may still send in its present turn; see {@link FairQueue}. */
  int deficit;

  @Nullable TenantQueue previous;
  @Nullable TenantQueue next;
  private final PermitList permits = new PermitList();
  private int weight;

  TenantQueue(UUID tenant) {
    this.tenant = tenant;
  }

  int size() {
    return permits.size();
  }

  int weight() {
    return weight;
  }

  void add(Permit permit, int currentWeight) {
    weight = currentWeight;
    permit.queue = this;
    permits.add(permit);
  }

  void remove(Permit permit) {
    permits.remove(permit);
    permit.queue = null;
  }

  /** The one that waits longest. */
  @Nullable Permit oldest() {
    return permits.oldest();
  }

  /** The one that came last. */
  @Nullable Permit newest() {
    return permits.newest();
  }

  /** Adds those whose time is up to a list. Looks no further than the first whose time is not. */
  void collectExpired(long nowNanos, List<Permit> expired) {
    for (Permit permit = permits.oldest();
        permit != null && nowNanos - permit.deadlineNanos >= 0;
        permit = permit.next) {
      expired.add(permit);
    }
  }
}
