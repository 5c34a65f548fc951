/**
 * Where a request goes, and what is changed on its way. In: a request that was let in ({@link
 * dev.gatehouse.gateway.limit.Admitted}) and the {@link dev.gatehouse.gateway.route.RoutingTable}
 * of its directory. Out: a {@link dev.gatehouse.gateway.route.Routed}, with the service, the
 * rewritten target and the {@link dev.gatehouse.gateway.route.Edits} for the forwarder. Fails with
 * {@link dev.gatehouse.gateway.rejection.Rejection.NoRoute}, {@link
 * dev.gatehouse.gateway.rejection.Rejection.MethodNotRouted}, {@link
 * dev.gatehouse.gateway.rejection.Rejection.UnknownApiVersion}; a route that redirects ends in
 * {@link dev.gatehouse.gateway.rejection.Rejection.Redirected}.
 */
@NullMarked
package dev.gatehouse.gateway.route;

import org.jspecify.annotations.NullMarked;
