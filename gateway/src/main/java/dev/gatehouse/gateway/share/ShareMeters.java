package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.directory.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * The meters of all services that any event loop has a share of, labelled by service: {@code
 * gatehouse.service.in.flight}, {@code .limit}, {@code .waiting}, {@code .wait} and {@code
 * .refused}. One for a gateway; any thread.
 */
public final class ShareMeters {
  private final MeterRegistry registry;
  private final Map<String, Used> services = new HashMap<>();

  /**
   * @param registry gets the meters of a service with its first share, and loses them with its last
   */
  public ShareMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Those of a service, for one more share. */
  synchronized ServiceMeters open(String service) {
    Used used =
        services.computeIfAbsent(service, name -> new Used(new ServiceMeters(registry, name)));
    used.shares++;
    return used.meters;
  }

  /** What holds for a tenant's requests to a service. */
  public synchronized ShareView look(EdgeService service, Tenant tenant) {
    ShareView unused = ShareView.unused(service);
    Used used = services.get(service.name());
    return used == null
        ? unused
        : used.meters.look(ShareKey.of(service, tenant), tenant.edge().id(), unused);
  }

  /** One share of the service has gone. */
  synchronized void close(String service) {
    Used used = services.get(service);
    if (used != null && --used.shares == 0) {
      services.remove(service);
      used.meters.remove();
    }
  }

  private static final class Used {
    private final ServiceMeters meters;
    private int shares;

    private Used(ServiceMeters meters) {
      this.meters = meters;
    }
  }
}
