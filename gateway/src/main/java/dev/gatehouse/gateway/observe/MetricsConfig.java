package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;
import java.util.Set;

/**
 * How many series the metrics may have.
 *
 * @param routes most pairs of service and route with series of their own (default 200)
 * @param tenants most tenants with series of their own, those that ask most (default 20)
 * @param alwaysTenants slugs of tenants that have series of their own however little they ask,
 *     besides those (default none)
 * @param rankEvery how often it is found out which tenants ask most (default 30 s)
 */
public record MetricsConfig(
    @Bound(
            unit = "pairs",
            atIt = "requests of one more service and route are counted as `other`",
            metric = "gatehouse_requests_seconds_count")
        int routes,
    @Bound(
            unit = "tenants",
            atIt = "requests of one more tenant are counted as `other`",
            metric = "gatehouse_tenant_requests_total")
        int tenants,
    Set<String> alwaysTenants,
    @Bound(
            atIt = "so long a tenant that has begun to ask most is counted as `other`",
            metric = "gatehouse_tenant_requests_total")
        Duration rankEvery) {
  private static final int MOST_ROUTES = 10_000;
  private static final int MOST_TENANTS = 1000;

  /** The defaults. */
  public static final MetricsConfig DEFAULT =
      new MetricsConfig(200, 20, Set.of(), Duration.ofSeconds(30));

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public MetricsConfig {
    alwaysTenants = Set.copyOf(alwaysTenants);
    if (routes < 0 || routes > MOST_ROUTES) {
      throw new IllegalArgumentException(
          "routes must be between 0 and " + MOST_ROUTES + ", found " + routes);
    }
    if (tenants < 0 || tenants > MOST_TENANTS) {
      throw new IllegalArgumentException(
          "tenants must be between 0 and " + MOST_TENANTS + ", found " + tenants);
    }
    if (alwaysTenants.size() > MOST_TENANTS) {
      throw new IllegalArgumentException(
          "alwaysTenants must be at most " + MOST_TENANTS + ", found " + alwaysTenants.size());
    }
    if (rankEvery.toMillis() < 100 || rankEvery.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "rankEvery must be between 100 ms and 1 h, found " + rankEvery);
    }
  }
}
