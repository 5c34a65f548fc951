package dev.gatehouse.gateway.limit;

import dev.gatehouse.contract.edge.EdgeLimits;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A tenant that may have so much under way at once, or in a month, whether or not it has a rate
 * too.
 *
 * @param rate its rate, or that it has none
 */
record TenantLimits(TenantLimiter rate, Slots requests, Slots webSockets, MonthlyQuota quota)
    implements TenantLimiter {

  /**
   * Adds the other limits, where there are any.
   *
   * @param before the tenant's limiter so far; what is under way, and was this month, goes on to
   *     count
   */
  static TenantLimiter of(TenantLimiter rate, TenantLimiter before, EdgeLimits limits) {
    OptionalLong requests = limits.concurrentRequests();
    OptionalLong webSockets = limits.webSockets();
    MonthlyQuota quota = before.quota().changed(limits);
    if (requests.isEmpty() && webSockets.isEmpty() && quota == MonthlyQuota.NONE) {
      return rate;
    }
    return new TenantLimits(
        rate, before.requests().changed(requests), before.webSockets().changed(webSockets), quota);
  }

  @Override
  public boolean tryAcquire() {
    return rate.tryAcquire();
  }

  @Override
  public Optional<RateLimitState> state() {
    return rate.state();
  }
}
