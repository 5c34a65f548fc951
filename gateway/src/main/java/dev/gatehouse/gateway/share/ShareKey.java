package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.Optional;
import java.util.UUID;

/**
 * Whose endpoints a share is of.
 *
 * @param tenant that has them to itself; empty for those that all share
 */
record ShareKey(String service, Optional<UUID> tenant) {
  /** Of those by which a tenant's requests are sent. */
  static ShareKey of(EdgeService service, Tenant tenant) {
    return ServiceShares.hasOwnEndpoints(service, tenant)
        ? own(service.name(), tenant.edge().id())
        : shared(service.name());
  }

  static ShareKey shared(String service) {
    return new ShareKey(service, Optional.empty());
  }

  static ShareKey own(String service, UUID tenant) {
    return new ShareKey(service, Optional.of(tenant));
  }
}
