package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All routes, ready to match, and the services that they lead to. Compiled once for each change;
 * immutable, shared by all threads.
 */
public final class RoutingTable {
  /** The order that {@link EdgeRoute} promises. */
  private static final Comparator<Entry> MOST_SPECIFIC_FIRST =
      Comparator.comparing((Entry entry) -> entry.path.kind())
          .thenComparing(entry -> entry.specificity, Comparator.reverseOrder())
          .thenComparing(entry -> entry.route.methods().isEmpty())
          .thenComparing(
              entry -> entry.route.headers().map(List::size).orElse(0), Comparator.reverseOrder())
          .thenComparing(entry -> entry.route.hosts() == HostClass.ANY)
          .thenComparing(entry -> entry.route.id());

  /** No routes. */
  public static final RoutingTable EMPTY = of(List.of(), Map.of());

  private final RouteTree tree;

  /** The same routes, by their paths as services may read them. */
  private final RouteTree readings;

  private final Map<String, EdgeService> servicesByName;

  private RoutingTable(
      RouteTree tree, RouteTree readings, Map<String, EdgeService> servicesByName) {
    this.tree = tree;
    this.readings = readings;
    this.servicesByName = Map.copyOf(servicesByName);
  }

  /** Builds a table. Routes one of whose services is not known (yet) match nothing. */
  public static RoutingTable of(
      Collection<EdgeRoute> routes, Map<String, EdgeService> servicesByName) {
    List<Entry> entries =
        routes.stream()
            .filter(route -> Route.isComplete(route, servicesByName))
            .map(Entry::of)
            .sorted(MOST_SPECIFIC_FIRST)
            .toList();
    RouteTreeBuilder tree = new RouteTreeBuilder();
    RouteTreeBuilder readings = new RouteTreeBuilder();
    boolean plain = entries.stream().allMatch(entry -> entry.path.reading().equals(entry.path));
    for (int rank = 0; rank < entries.size(); rank++) {
      Entry entry = entries.get(rank);
      Route route = new Route(entry.route, rank, servicesByName);
      tree.add(entry.path, route);
      if (!plain) {
        readings.add(entry.path.reading(), route);
      }
    }
    RouteTree built = tree.build();
    return new RoutingTable(built, plain ? built : readings.build(), servicesByName);
  }

  /**
   * Finds the most specific route that takes a request. Allocates nothing where the path can be
   * read in one way only.
   *
   * @return null if none does
   * @throws Rejection.BadRequest if another route takes the path as a service may read it: who is
   *     let in by the one would get what the other protects
   */
  public @Nullable Route match(HostClass hostClass, Sanitized request) {
    Route route = tree.best(hostClass, request, 0, null);
    if (route != null && PathReading.hasAnother(request)) {
      requireTheSame(route, readings.best(hostClass, PathReading.of(request), 0, null));
    }
    return route;
  }

  private static void requireTheSame(Route route, @Nullable Route read) {
    if (read == null || read.rank() != route.rank()) {
      throw new Rejection.BadRequest(
          "The path, decoded and without parameters, is one that another route takes; write it"
              + " plainly.");
    }
  }

  /**
   * All routes whose paths match, the most specific first, whatever else they ask for. For refusals
   * and explanations, not for the common case.
   */
  public List<Route> candidates(Sanitized request) {
    List<Route> found = new ArrayList<>();
    tree.forEachOnTheWay(request.path(), 0, found::add);
    found.sort(Comparator.comparingInt(Route::rank));
    return found;
  }

  Optional<EdgeService> service(String name) {
    return Optional.ofNullable(servicesByName.get(name));
  }

  private record Entry(EdgeRoute route, PathPattern path, int specificity) {
    static Entry of(EdgeRoute route) {
      PathPattern path = PathPattern.of(route);
      return new Entry(route, path, path.specificity());
    }
  }
}
