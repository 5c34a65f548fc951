package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.exfiltration.EgressMeter;
import dev.gatehouse.gateway.exfiltration.ExfiltrationGuard;
import dev.gatehouse.gateway.rejection.Rejection;
import java.time.InstantSource;
import java.util.Optional;

/** Keeps each tenant within its share. Decides at once, from what this gateway knows. */
public final class LimitStage {
  private final long maxBodyBytes;
  private final ExfiltrationGuard exfiltration;
  private final InstantSource clock;

  /**
   * @param maxBodyBytes longest body of any tenant
   * @param exfiltration knows to whom nothing more is to leave
   * @param clock tells when the month ends
   */
  public LimitStage(long maxBodyBytes, ExfiltrationGuard exfiltration, InstantSource clock) {
    this.maxBodyBytes = maxBodyBytes;
    this.exfiltration = exfiltration;
    this.clock = clock;
  }

  /**
   * Takes one request off the tenant's share.
   *
   * <p>Where the tenant may have only so many requests in flight, one of these slots is taken: the
   * exchange must hold it to its end, also when it is refused later.
   *
   * @throws Rejection.BodyTooLarge if the body is announced to be longer than the tenant's limit
   * @throws Rejection.EgressBudget if nothing more is to leave to the caller
   * @throws Rejection.TooManyConcurrentRequests if as many as may be are in flight
   * @throws Rejection.MonthlyQuotaUsedUp if it has had all of its month
   * @throws Rejection.RateLimited if the share is used up
   */
  public Admitted admit(Authenticated request) {
    long mostBytes = requireBodyWithin(request);
    EgressMeter egress = exfiltration.admit(request.request().tenant().edge(), request.principal());
    TenantLimiter limiter = request.request().tenant().limiter();
    Slots slots = limiter.requests();
    if (!slots.tryTake()) {
      throw Rejection.TooManyConcurrentRequests.requests(slots.most());
    }
    if (limiter.quota().isUsedUp()) {
      slots.giveBack();
      throw new Rejection.MonthlyQuotaUsedUp(clock.instant());
    }
    if (!limiter.tryAcquire()) {
      slots.giveBack();
      throw new Rejection.RateLimited(limiter.state().orElseThrow());
    }
    limiter.quota().admitted();
    return new Admitted(request, mostBytes, slots, egress);
  }

  /**
   * Decides as {@link #admit} would, and takes nothing: for a request that is only explained.
   *
   * @throws Rejection as {@link #admit} does
   */
  public Admitted wouldAdmit(Authenticated request) {
    long mostBytes = requireBodyWithin(request);
    exfiltration.wouldAdmit(request.request().tenant().edge(), request.principal());
    TenantLimiter limiter = request.request().tenant().limiter();
    if (limiter.requests().areTaken()) {
      throw Rejection.TooManyConcurrentRequests.requests(limiter.requests().most());
    }
    if (limiter.quota().isUsedUp()) {
      throw new Rejection.MonthlyQuotaUsedUp(clock.instant());
    }
    Optional<RateLimitState> state = limiter.state();
    if (state.isPresent() && state.get().remaining() == 0) {
      throw new Rejection.RateLimited(state.get());
    }
    return new Admitted(request, mostBytes, Slots.UNLIMITED);
  }

  private long requireBodyWithin(Authenticated request) {
    Tenant tenant = request.request().tenant();
    long mostBytes = Math.min(maxBodyBytes, tenant.maxBodyBytes());
    if (request.request().request().contentLength() > mostBytes) {
      throw new Rejection.BodyTooLarge(mostBytes);
    }
    return mostBytes;
  }
}
