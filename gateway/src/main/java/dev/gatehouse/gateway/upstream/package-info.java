/**
 * Which endpoint a request goes to, and which endpoints are fit.
 *
 * <p>In: services and tenants as the feed tells them, the outcome of every attempt, the answers to
 * health checks and of DNS. Out: a {@link dev.gatehouse.gateway.upstream.Target} for an attempt, or
 * a {@link dev.gatehouse.gateway.upstream.NoTarget} that says why there is none.
 *
 * <p>{@link dev.gatehouse.gateway.upstream.Upstreams} is shared: it knows the services, resolves
 * names and asks for health on the background event loop. Each event loop that serves requests has
 * its {@link dev.gatehouse.gateway.upstream.LoopUpstreams}, which chooses without a lock and
 * without an allocation from what the shared part last published.
 */
@NullMarked
package dev.gatehouse.gateway.upstream;

import org.jspecify.annotations.NullMarked;
