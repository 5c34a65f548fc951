package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.Redirect;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Optional;

/**
 * Another place for the client. What the route does not name is taken from what was admitted: the
 * host in normal form, which is the tenant's, and a path that can neither begin with two slashes
 * nor hold a line break. So no client can make it lead elsewhere.
 *
 * @param status 301, 302, 303, 307 or 308
 */
record RedirectGoal(int status, Optional<String> scheme, Optional<String> host, PathRewrite rewrite)
    implements Goal {
  private static final int PERMANENT_REDIRECT = 308;

  static RedirectGoal of(EdgeRoute route, Redirect redirect) {
    return new RedirectGoal(
        redirect.status().orElse(PERMANENT_REDIRECT),
        redirect.scheme(),
        redirect.host(),
        PathRewrite.of(route, redirect));
  }

  @Override
  public Routed lead(Admitted request, Route route, RoutingTable table) {
    throw new Rejection.Redirected(status, location(request.request().request().request()));
  }

  /**
   * Relative where scheme and host stay, so that nothing needs to know of proxies before this one.
   * With another scheme the client's port goes: it is the old scheme's.
   */
  String location(Sanitized request) {
    String target = rewrite.rewrite(request.target(), request.pathLength());
    if (scheme.isEmpty() && host.isEmpty()) {
      return target;
    }
    return scheme.orElseGet(request.head()::scheme)
        + "://"
        + host.orElseGet(request::host)
        + target;
  }
}
