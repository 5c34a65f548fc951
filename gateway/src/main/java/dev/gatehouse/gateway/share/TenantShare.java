package dev.gatehouse.gateway.share;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant has in one share: the requests that wait, first come, first served, and how many
 * are in flight. A tenant with neither has none.
 */
final class TenantShare {
  final UUID tenant;

  /** Requests that it may still send in its present turn; see {@link FairQueue}. */
  int deficit;

  @Nullable TenantShare previous;
  @Nullable TenantShare next;
  private final PermitList waiting = new PermitList();
  private int weight;
  private int inFlight;

  TenantShare(UUID tenant) {
    this.tenant = tenant;
  }

  /** How many of its requests wait. */
  int waiting() {
    return waiting.size();
  }

  /** How many of its requests are in flight. */
  int inFlight() {
    return inFlight;
  }

  int weight() {
    return weight;
  }

  void weight(int current) {
    weight = current;
  }

  boolean isEmpty() {
    return inFlight == 0 && waiting.size() == 0;
  }

  void add(Permit permit) {
    waiting.add(permit);
  }

  void remove(Permit permit) {
    waiting.remove(permit);
  }

  void began() {
    inFlight++;
  }

  void ended() {
    inFlight--;
  }

  /** The one that waits longest. */
  @Nullable Permit oldest() {
    return waiting.oldest();
  }

  /** The one that came last. */
  @Nullable Permit newest() {
    return waiting.newest();
  }

  /** Adds those whose time is up to a list. Looks no further than the first whose time is not. */
  void collectExpired(long nowNanos, List<Permit> expired) {
    for (Permit permit = waiting.oldest();
        permit != null && nowNanos - permit.deadlineNanos >= 0;
        permit = permit.next) {
      expired.add(permit);
    }
  }
}
