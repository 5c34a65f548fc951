package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.limit.Admitted;

/**
 * A request that has somewhere to go.
 *
 * @param request what was let in
 * @param service where it goes
 */
public record Routed(Admitted request, EdgeService service) {}
