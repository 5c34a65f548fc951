package dev.gatehouse.gateway.share;

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
