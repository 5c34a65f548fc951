package dev.gatehouse.gateway.share;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one share whose clients do not send them as fast as others need their places:
 * which must lend them because they are behind, and which must end because they take too long.
 */
final class SlowClients {
  /** A loaded service must not cost more for each request the more places it has. */
  private static final int MAX_LOOKED_AT = 64;

  private final PermitList inFlight;
  private final FairQueue queue;

  /** In flight too, but others have their places. */
  private final PermitList lent = new PermitList();

  /**
   * @param inFlight those that have places
   * @param queue those that wait for one
   */
  SlowClients(PermitList inFlight, FairQueue queue) {
    this.inFlight = inFlight;
    this.queue = queue;
  }

  /** How many have lent their places. */
  int lent() {
    return lent.size();
  }

  /**
   * A tenant with less than its share need not wait for a client of one that has more, which keeps
   * its connection and, once its request is whole, its place: takes the place of one of those that
   * are in flight longest. No more are lent than there are.
   *
   * @return whose place is free now; null if there is none to lend
   */
  @Nullable Permit lendTo(TenantShare waiting, int places, long nowNanos) {
    if (lent.size() >= places || !queue.hasLessThanItsShare(waiting, places)) {
      return null;
    }
    Permit permit = inFlight.oldest();
    for (int i = 0; permit != null && i < MAX_LOOKED_AT; i++, permit = permit.next) {
      TenantShare tenant = permit.tenant();
      if (queue.hasMoreThanItsShare(tenant, tenant.inFlight(), places)
          && permit.waiter().isClientBehind(nowNanos)) {
        inFlight.remove(permit);
        permit.lend();
        lent.add(permit);
        return permit;
      }
    }
    return null;
  }

  /** One that had lent its place has ended, or is whole. */
  void remove(Permit permit) {
    lent.remove(permit);
  }

  /**
   * Those that must end: as many as wait, of the tenant that has most in flight first. One whose
   * tenant has no more than its share, and nothing waiting, keeps its place: the flood of another
   * is no reason to lose it.
   */
  List<Permit> toEnd(int places, long nowNanos) {
    if (queue.size() == 0) {
      return List.of();
    }
    List<Permit> slow = new ArrayList<>(0);
    addSlow(inFlight, nowNanos, slow);
    addSlow(lent, nowNanos, slow);
    slow.sort(Comparator.comparingDouble(SlowClients::perWeight).reversed());
    Map<TenantShare, Integer> left = new HashMap<>();
    List<Permit> toEnd = new ArrayList<>();
    for (Permit permit : slow) {
      TenantShare tenant = permit.tenant();
      int has = left.getOrDefault(tenant, tenant.inFlight());
      if (tenant.waiting() > 0 || queue.hasMoreThanItsShare(tenant, has, places)) {
        left.put(tenant, has - 1);
        toEnd.add(permit);
      }
      if (toEnd.size() == queue.size()) {
        break;
      }
    }
    return toEnd;
  }

  private static void addSlow(PermitList list, long nowNanos, List<Permit> slow) {
    for (@Nullable Permit permit = list.oldest(); permit != null; permit = permit.next) {
      if (permit.waiter().awaitsSlowClient(nowNanos)) {
        slow.add(permit);
      }
    }
  }

  private static double perWeight(Permit permit) {
    TenantShare tenant = permit.tenant();
    return tenant.inFlight() / (double) tenant.weight();
  }
}
