package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;

/** Finds the service of a request. */
public final class Router {
  /**
   * Matches the request with the routes of its directory.
   *
   * @throws Rejection.NoRoute if none matches
   */
  public Routed route(Admitted request) {
    Resolved resolved = request.request().request();
    EdgeService service =
        resolved
            .directory()
            .routingTable()
            .match(
                resolved.hostClass(),
                resolved.request().path(),
                resolved.request().exchange().request().method().name());
    if (service == null) {
      throw Rejection.NoRoute.INSTANCE;
    }
    return new Routed(request, service);
  }
}
