package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.limit.Admitted;
import java.util.Map;

/** What a route leads to. */
sealed interface Goal permits UpstreamGoal, RedirectGoal {

  /**
   * Takes a request there.
   *
   * @param table where the services of overrides are found
   * @throws dev.gatehouse.gateway.rejection.Rejection if it does not get to a service
   */
  Routed lead(Admitted request, Route route, RoutingTable table);

  /**
   * The goal of a route.
   *
   * @throws java.util.NoSuchElementException if a service that it needs is not known
   */
  static Goal of(EdgeRoute route, Map<String, EdgeService> servicesByName) {
    return route.redirect().isPresent()
        ? RedirectGoal.of(route, route.redirect().get())
        : UpstreamGoal.of(route, servicesByName);
  }
}
