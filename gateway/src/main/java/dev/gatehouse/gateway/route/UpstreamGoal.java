package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import java.util.Map;
import java.util.Optional;

/**
 * A service: the only one, one of those among which requests are split, or that of a version.
 *
 * @param services which one
 * @param rewrite how the path changes
 * @param edits all other changes, for requests without a version
 * @param versions those that there are
 */
record UpstreamGoal(
    ServiceChoice services, PathRewrite rewrite, Edits edits, Optional<Versions> versions)
    implements Goal {

  static UpstreamGoal of(EdgeRoute route, Map<String, EdgeService> servicesByName) {
    Edits edits = Edits.of(route, servicesByName);
    return new UpstreamGoal(
        ServiceChoice.of(route, servicesByName),
        PathRewrite.of(route),
        edits,
        route.versions().map(versions -> Versions.of(versions, edits, servicesByName)));
  }

  @Override
  public Routed lead(Admitted request, Route route, RoutingTable table) {
    Resolved resolved = request.request().request();
    Sanitized sanitized = resolved.request();
    String target = rewrite.rewrite(sanitized.target(), sanitized.pathLength());
    if (versions.isEmpty()) {
      EdgeService service = services.choose(request.request());
      return new Routed(
          request, route, ownOf(resolved.tenant(), service, table), "", target, edits);
    }
    Version version = versions.get().choose(sanitized.head(), resolved.tenant());
    EdgeService service =
        version.service().isPresent()
            ? version.service().get()
            : services.choose(request.request());
    return new Routed(
        request,
        route,
        ownOf(resolved.tenant(), service, table),
        version.name(),
        version.prefix().isEmpty() ? target : version.prefix() + target,
        version.edits());
  }

  /** The service that a tenant's requests are sent to instead; one step, never a chain. */
  private static EdgeService ownOf(Tenant tenant, EdgeService service, RoutingTable table) {
    if (tenant.edge().services().isEmpty()) {
      return service;
    }
    ServiceOverride own = tenant.edge().services().get().get(service.name());
    if (own == null || own.sendTo().isEmpty()) {
      return service;
    }
    return table.service(own.sendTo().get()).orElseThrow(() -> Rejection.NoRoute.INSTANCE);
  }
}
