package dev.gatehouse.gateway.limit;

import java.util.Optional;

/** The limiter of every tenant that has no rate. */
enum UnlimitedTenant implements TenantLimiter {
  INSTANCE;

  @Override
  public boolean tryAcquire() {
    return true;
  }

  @Override
  public Optional<RateLimitState> state() {
    return Optional.empty();
  }
}
