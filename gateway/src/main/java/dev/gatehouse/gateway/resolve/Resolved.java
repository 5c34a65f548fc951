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
 * @param hostClass at which kind of host it came
 */
public record Resolved(
    Sanitized request, TenantDirectory directory, Tenant tenant, HostClass hostClass) {}
