package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.gateway.limit.TenantLimiter;

/** Tenants as requests meet them, without a directory. */
public final class TestDirectory {
  private TestDirectory() {}

  /** A tenant that no directory holds. */
  public static Tenant tenant(EdgeTenant edge, TenantLimiter limiter) {
    return new Tenant(edge, EdgePlan.NONE, 1, limiter);
  }
}
