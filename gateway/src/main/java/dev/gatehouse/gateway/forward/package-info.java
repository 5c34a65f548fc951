/**
 * The way to the upstream and back. In: a {@link dev.gatehouse.gateway.sign.Signed} request, and
 * nothing else. Out: the upstream's response, streamed to the client with back-pressure both ways.
 * Fails, as long as the response has not begun, with {@link
 * dev.gatehouse.gateway.rejection.Rejection.UpstreamFailed} or {@link
 * dev.gatehouse.gateway.rejection.Rejection.UpstreamTimedOut}; after that the client's stream is
 * reset.
 */
@NullMarked
package dev.gatehouse.gateway.forward;

import org.jspecify.annotations.NullMarked;
