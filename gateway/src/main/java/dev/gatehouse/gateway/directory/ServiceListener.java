package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import java.util.Collection;
import java.util.UUID;

/**
 * Is told of services, and of tenants that may have endpoints of their own: what is new before
 * requests are decided by it, what is gone after they no longer are. By the thread that applies the
 * feed.
 */
public interface ServiceListener {
  /** One for directories whose requests go nowhere. */
  ServiceListener NONE =
      new ServiceListener() {
        @Override
        public void apply(EdgeService service) {}

        @Override
        public void retainOnly(Collection<EdgeService> services) {}

        @Override
        public void tenantChanged(EdgeTenant tenant, long revision) {}

        @Override
        public void tenantGone(UUID tenant) {}
      };

  /** A service is new, or has changed. */
  void apply(EdgeService service);

  /** There are these services, all applied before, and no others. */
  void retainOnly(Collection<EdgeService> services);

  /** A tenant is new, or has changed at this revision. */
  void tenantChanged(EdgeTenant tenant, long revision);

  /** A tenant is gone. */
  void tenantGone(UUID tenant);
}
