/**
 * How a gateway, or one tenant of it, leaves without a request being lost. {@link
 * dev.gatehouse.gateway.drain.Drain} says who is leaving; the listeners and the forwarder act on
 * it.
 */
@NullMarked
package dev.gatehouse.gateway.drain;

import org.jspecify.annotations.NullMarked;
