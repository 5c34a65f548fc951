package dev.gatehouse.gateway.limit;

import java.util.Optional;

/**
 * Decides whether a tenant may make one more request. Kept with the tenant, so that nothing is
 * looked up for a request; made and changed by {@link RateLimiter}. Safe for use by many threads;
 * never blocks.
 */
public sealed interface TenantLimiter permits LimitedTenant, UnlimitedTenant, TenantLimits {

  /** Takes one request out of the tenant's share; false if there is none left. */
  boolean tryAcquire();

  /** What the client may be told, after a refusal above all; empty if the tenant has no limit. */
  Optional<RateLimitState> state();

  /** Its requests in flight at this gateway. */
  default Slots requests() {
    return Slots.UNLIMITED;
  }

  /** What it may have in a month. */
  default MonthlyQuota quota() {
    return MonthlyQuota.NONE;
  }

  /** Its WebSockets open at this gateway. */
  default Slots webSockets() {
    return Slots.UNLIMITED;
  }
}
