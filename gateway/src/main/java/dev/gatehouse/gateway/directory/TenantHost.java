package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeRoute.HostClass;

/**
 * One host name of a tenant.
 *
 * @param tenant whose it is
 * @param hostClass whether it is the tenant's subdomain or a domain of its own
 */
public record TenantHost(Tenant tenant, HostClass hostClass) {}
