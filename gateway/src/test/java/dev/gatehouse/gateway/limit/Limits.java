package dev.gatehouse.gateway.limit;

import dev.gatehouse.contract.edge.EdgeLimits;
import java.util.OptionalLong;

/** A tenant's limits, and how much of them a test can get. */
public final class Limits {
  private Limits() {}

  /** The limiter of a tenant that has no limit. */
  public static TenantLimiter none() {
    return UnlimitedTenant.INSTANCE;
  }

  static EdgeLimits of(long perSecond, long burst) {
    return new EdgeLimits(
        OptionalLong.of(perSecond),
        OptionalLong.of(burst),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static EdgeLimits withoutBurst(long perSecond) {
    return new EdgeLimits(
        OptionalLong.of(perSecond),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Takes all that the tenant may have now; returns how much that was. */
  static long drain(TenantLimiter limiter) {
    long admitted = 0;
    while (limiter.tryAcquire()) {
      admitted++;
    }
    return admitted;
  }
}
