package dev.gatehouse.gateway.resolve;

import dev.gatehouse.contract.tenant.Hostname;
import java.util.List;

/**
 * How a request's tenant is found, besides by its host.
 *
 * @param trustTenantHeader whether {@code X-Tenant-Id} of the client names the tenant (default
 *     false; only where nobody but trusted proxies can reach the gateway)
 * @param sharedHosts hosts, besides the base domain, that belong to no tenant, and at which an API
 *     key names it (default: none)
 */
public record ResolveConfig(boolean trustTenantHeader, List<Hostname> sharedHosts) {
  /** The defaults. */
  public static final ResolveConfig DEFAULT = new ResolveConfig(false, List.of());

  public ResolveConfig {
    sharedHosts = List.copyOf(sharedHosts);
  }
}
