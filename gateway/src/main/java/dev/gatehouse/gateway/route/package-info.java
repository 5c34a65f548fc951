/**
 * Which service a request goes to. In: host class, path and method of a request that was let in.
 * Out: the route's {@link dev.gatehouse.contract.edge.EdgeService}. Fails with {@link
 * dev.gatehouse.gateway.rejection.Rejection.NoRoute}.
 */
@NullMarked
package dev.gatehouse.gateway.route;

import org.jspecify.annotations.NullMarked;
