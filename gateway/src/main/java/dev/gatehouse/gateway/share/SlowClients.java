package dev.gatehouse.gateway.share;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which requests must give their places away because their clients take too long to send them,
 * while others wait for a place: as many as wait, of the tenant that has most in flight first. One
 * whose tenant has no more than its share, and nothing waiting, keeps its place: the flood of
 * another is no reason to lose it.
 */
final class SlowClients {
  private SlowClients() {}

  static List<Permit> toEnd(PermitList inFlight, FairQueue queue, int places, long nowNanos) {
    if (queue.size() == 0) {
      return List.of();
    }
    List<Permit> slow = slow(inFlight, nowNanos);
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

  private static List<Permit> slow(PermitList inFlight, long nowNanos) {
    List<Permit> slow = new ArrayList<>(0);
    for (@Nullable Permit permit = inFlight.oldest(); permit != null; permit = permit.next) {
      if (permit.waiter().awaitsSlowClient(nowNanos)) {
        slow.add(permit);
      }
    }
    return slow;
  }

  private static double perWeight(Permit permit) {
    TenantShare tenant = permit.tenant();
    return tenant.inFlight() / (double) tenant.weight();
  }
}
