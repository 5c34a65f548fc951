package dev.gatehouse.contract.edge;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the edge knows of a tenant.
 *
 * @param id never changes
 * @param slug its subdomain under the base domain
 * @param status only an {@link TenantStatus#ACTIVE} tenant is served
 * @param hosts its custom domains, without the subdomain
 * @param authentication the ways in which a caller may prove who it is; empty means that nobody
 *     gets in
 * @param limits its share
 */
public record EdgeTenant(
    UUID id,
    Slug slug,
    TenantStatus status,
    List<Hostname> hosts,
    Set<AuthenticationMethod> authentication,
    EdgeLimits limits)
    implements EdgeObject {

  public EdgeTenant {
    hosts = List.copyOf(hosts);
    authentication = Set.copyOf(authentication);
  }

  @Override
  public Kind kind() {
    return Kind.TENANT;
  }

  @Override
  public String key() {
    return id.toString();
  }
}
