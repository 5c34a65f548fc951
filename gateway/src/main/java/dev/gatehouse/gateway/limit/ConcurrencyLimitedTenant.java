package dev.gatehouse.gateway.limit;

import dev.gatehouse.contract.edge.EdgeLimits;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A tenant that may have so much under way at once, whether or not it has a rate too.
 *
 * @param rate its rate, or that it has none
 */
record ConcurrencyLimitedTenant(TenantLimiter rate, Slots requests, Slots webSockets)
    implements TenantLimiter {

  /**
   * Adds the limits on what is under way, where there are any.
   *
   * @param before the tenant's limiter so far; what is under way goes on to count
   */
  static TenantLimiter of(TenantLimiter rate, TenantLimiter before, EdgeLimits limits) {
    OptionalLong requests = limits.concurrentRequests();
    OptionalLong webSockets = limits.webSockets();
    if (requests.isEmpty() && webSockets.isEmpty()) {
      return rate;
    }
    return new ConcurrencyLimitedTenant(
        rate, before.requests().changed(requests), before.webSockets().changed(webSockets));
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
