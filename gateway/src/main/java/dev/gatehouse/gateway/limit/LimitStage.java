package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Optional;

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
   * @throws Rejection.BodyTooLarge if the body is announced to be longer than the tenant's limit
   * @throws Rejection.RateLimited if the share is used up
   */
  public Admitted admit(Authenticated request) {
    long mostBytes = requireBodyWithin(request);
    TenantLimiter limiter = request.request().tenant().limiter();
    if (!limiter.tryAcquire()) {
      throw new Rejection.RateLimited(limiter.state().orElseThrow());
    }
    return new Admitted(request, mostBytes);
  }

  /**
   * Decides as {@link #admit} would, and takes nothing: for a request that is only explained.
   *
   * @throws Rejection as {@link #admit} does
   */
  public Admitted wouldAdmit(Authenticated request) {
    long mostBytes = requireBodyWithin(request);
    Optional<RateLimitState> state = request.request().tenant().limiter().state();
    if (state.isPresent() && state.get().remaining() == 0) {
      throw new Rejection.RateLimited(state.get());
    }
    return new Admitted(request, mostBytes);
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
