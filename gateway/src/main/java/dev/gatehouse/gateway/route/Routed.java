package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.limit.Admitted;

/**
 * A request that has somewhere to go.
 *
 * @param request what was let in
 * @param route the route that took it
 * @param service where it goes: the audience of the signature, and what the forwarder uses
 * @param version the version of the API that it gets; empty if the route has none
 * @param target path and query as the upstream sees them; the very string that was admitted where
 *     nothing is rewritten
 * @param edits what is to be changed on the way, there and back
 */
public record Routed(
    Admitted request,
    Route route,
    EdgeService service,
    String version,
    String target,
    Edits edits) {
  /** The same for another service, as for a mirror. */
  public Routed withService(EdgeService other) {
    return new Routed(request, route, other, version, target, edits);
  }
}
