package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;

/** Keeps each tenant within its share. Decides at once, from what this gateway knows. */
public final class LimitStage {
  private final long maxBodyBytes;

  /**
   * @param maxBodyBytes longest body of any tenant
   */
  public LimitStage(long maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  /**
   * Takes one request off the tenant's share.
   *
   * <p>Where the tenant may have only so many requests in flight, the exchange holds one of these
   * slots from here to its end, also when it is refused later.
   *
   * @throws Rejection.BodyTooLarge if the body is announced to be longer than the tenant's limit
   * @throws Rejection.TooManyConcurrentRequests if as many as may be are in flight
   * @throws Rejection.RateLimited if the share is used up
   */
  public Admitted admit(Authenticated request) {
    Tenant tenant = request.request().tenant();
    long mostBytes = Math.min(maxBodyBytes, tenant.maxBodyBytes());
    if (request.request().request().contentLength() > mostBytes) {
      throw new Rejection.BodyTooLarge(mostBytes);
    }
    TenantLimiter limiter = tenant.limiter();
    Slots slots = limiter.requests();
    if (!slots.tryTake()) {
      throw Rejection.TooManyConcurrentRequests.requests(slots.most());
    }
    request.request().request().exchange().hold(slots);
    if (!limiter.tryAcquire()) {
      throw new Rejection.RateLimited(limiter.state().orElseThrow());
    }
    return new Admitted(request, mostBytes);
  }
}
