package dev.gatehouse.gateway.resolve;

import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.directory.TenantDirectory;

/**
 * A request whose tenant is known, and served.
 *
 * @param request what was admitted
 * @param directory what the whole request is decided by
 * @param tenant whose it is
 * @param source what named the tenant
 */
public record Resolved(
    Sanitized request, TenantDirectory directory, Tenant tenant, TenantSource source) {
  /** At which kind of host it came; {@link HostClass#ANY} if not at one of the tenant's. */
  public HostClass hostClass() {
    return source.hostClass();
  }
}
