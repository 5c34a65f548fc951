package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.gateway.bounds.Bound;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts by tenant, route and service. One thread at a time. */
final class UsageCounts {
  @Bound(
      of = "pairs of tenant and route that one event loop counts between two reports",
      unit = "pairs",
      atIt = "what takes further routes is counted for its tenant without a route")
  static final int MAX_ROUTES = 100_000;

  private final Map<UUID, Map<UUID, RouteCount>> byTenant = new HashMap<>();
  private int size;

  /** Those of one tenant, route and service. */
  RouteCount of(UUID tenant, UUID route, String service) {
    Map<UUID, RouteCount> byRoute = byTenant.computeIfAbsent(tenant, _ -> new HashMap<>(4));
    RouteCount first = byRoute.get(route);
    for (RouteCount count = first; count != null; count = count.next) {
      if (count.service().equals(service)) {
        return count;
      }
    }
    if (size >= MAX_ROUTES && !route.equals(RouteCount.NO_ROUTE)) {
      return of(tenant, RouteCount.NO_ROUTE, "");
    }
    return added(byRoute, new RouteCount(tenant, route, service), first);
  }

  private RouteCount added(
      Map<UUID, RouteCount> byRoute, RouteCount count, @Nullable RouteCount next) {
    size++;
    count.next = next;
    byRoute.put(count.route(), count);
    return count;
  }

  void add(UsageCounts other) {
    other.all().forEach(count -> of(count.tenant(), count.route(), count.service()).add(count));
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** What was counted, each tenant's together. */
  Stream<RouteUsage> usages() {
    return all().map(RouteCount::toUsage);
  }

  private Stream<RouteCount> all() {
    return byTenant.values().stream()
        .flatMap(byRoute -> byRoute.values().stream())
        .flatMap(first -> Stream.iterate(first, count -> count != null, count -> count.next));
  }
}
