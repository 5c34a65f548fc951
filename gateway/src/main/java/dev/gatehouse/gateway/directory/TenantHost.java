package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.HostRedirect;
import dev.gatehouse.contract.tenant.TenantStatus;
import java.util.Optional;

/**
 * One host name of a tenant.
 *
 * @param tenant whose it is
 * @param hostClass whether it is the tenant's subdomain or a domain of its own
 * @param status the tenant's, here too: whether a request goes on is known without a look at the
 *     tenant
 * @param redirect where its clients are sent, if it does not serve them itself
 */
public record TenantHost(
    Tenant tenant, HostClass hostClass, TenantStatus status, Optional<HostRedirect> redirect) {}
