package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.EdgeService;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All routes, most specific first. Immutable. A match looks at the routes one by one: there are as
 * many as the platform has applications, not as many as it has tenants.
 */
public final class RoutingTable {
  /** No routes. */
  public static final RoutingTable EMPTY = new RoutingTable(List.of());

  private static final Comparator<Entry> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt((Entry entry) -> entry.prefix().length())
          .reversed()
          .thenComparing(entry -> entry.route.methods().isEmpty())
          .thenComparing(entry -> entry.route.hosts() == HostClass.ANY)
          .thenComparing(entry -> entry.route.id());

  private final List<Entry> entries;

  private RoutingTable(List<Entry> entries) {
    this.entries = entries;
  }

  /** Builds a table. Routes whose service is not known (yet) match nothing. */
  public static RoutingTable of(
      Collection<EdgeRoute> routes, Map<String, EdgeService> servicesByName) {
    return new RoutingTable(
        routes.stream()
            .flatMap(route ->
                Stream.ofNullable(servicesByName.get(route.service().orElse("")))
                    .map(service -> new Entry(route, service)))
            .sorted(MOST_SPECIFIC_FIRST)
            .toList());
  }

  /**
   * Finds the service of a request.
   *
   * @param path in normal form, without the query
   * @return null if no route matches
   */
  public @Nullable EdgeService match(HostClass hostClass, String path, String method) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.matches(hostClass, path, method)) {
        return entry.service;
      }
    }
    return null;
  }

  private record Entry(EdgeRoute route, EdgeService service) {
    String prefix() {
      return route.pathPrefix().orElse("/");
    }

    boolean matches(HostClass hostClass, String path, String method) {
      return (route.hosts() == HostClass.ANY || route.hosts() == hostClass)
          && (route.methods().isEmpty() || route.methods().get().contains(method))
          && isUnder(path, prefix());
    }

    private static boolean isUnder(String path, String prefix) {
      return path.startsWith(prefix)
          && (path.length() == prefix.length()
              || prefix.charAt(prefix.length() - 1) == '/'
              || path.charAt(prefix.length()) == '/');
    }
  }
}
