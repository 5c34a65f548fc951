package dev.gatehouse.gateway.route;

import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import java.util.TreeSet;

/** Finds where a request goes. Stateless. */
public final class Router {
  /**
   * Matches the request with the routes of its directory, and follows the one that takes it.
   *
   * @throws Rejection.NoRoute if none takes it
   * @throws Rejection.Forbidden if the caller may not use it
   * @throws Rejection.MethodNotRouted if some would take it with another method
   * @throws Rejection.Redirected if its route is a redirect
   * @throws Rejection.UnknownApiVersion if it asks for a version that is not there
   */
  public Routed route(Admitted request) {
    Resolved resolved = request.request().request();
    RoutingTable table = resolved.directory().routingTable();
    Route route = table.match(resolved.hostClass(), resolved.request());
    if (route == null) {
      throw noRoute(resolved, table);
    }
    route.requireAccess(request.request());
    return route.goal().lead(request, route, table);
  }

  private static Rejection noRoute(Resolved resolved, RoutingTable table) {
    Sanitized request = resolved.request();
    RequestHead head = request.head();
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : table.candidates(request)) {
      if (route.takesHost(resolved.hostClass()) && route.takesHeaders(head)) {
        allowed.addAll(route.methods());
      }
    }
    return allowed.isEmpty()
        ? Rejection.NoRoute.INSTANCE
        : new Rejection.MethodNotRouted(String.join(", ", allowed));
  }
}
