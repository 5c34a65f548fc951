package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.authenticate.Authenticated;
import java.util.Map;
import java.util.Optional;

/** Which of a route's services takes a request. */
sealed interface ServiceChoice permits ServiceChoice.One, Split {

  /** Chooses. */
  EdgeService choose(Authenticated request);

  /**
   * The choice that a route leaves.
   *
   * @throws java.util.NoSuchElementException if a service is not known
   */
  static ServiceChoice of(EdgeRoute route, Map<String, EdgeService> servicesByName) {
    return route.destinations().isPresent()
        ? Split.of(route.id(), route.destinations().get(), servicesByName)
        : new One(known(route.service().orElseThrow(), servicesByName));
  }

  static EdgeService known(String name, Map<String, EdgeService> servicesByName) {
    return Optional.ofNullable(servicesByName.get(name)).orElseThrow();
  }

  /** There is no other. */
  record One(EdgeService service) implements ServiceChoice {
    @Override
    public EdgeService choose(Authenticated request) {
      return service;
    }
  }
}
