/**
 * Keeps every tenant within its rate, over all gateways, without a request ever waiting.
 *
 * <p><b>In:</b> a tenant's {@link dev.gatehouse.contract.edge.EdgeLimits} when it becomes known or
 * changes, and one {@link dev.gatehouse.gateway.limit.TenantLimiter#tryAcquire()} a request.
 *
 * <p><b>Out:</b> admitted or not, at once; after a refusal the {@link
 * dev.gatehouse.gateway.limit.RateLimitState} that {@link
 * dev.gatehouse.gateway.limit.RateLimitHeaders} puts into words.
 *
 * <p><b>How:</b> each gateway decides by a token bucket of its own, which holds the tenant's whole
 * burst and rate. Behind the requests, every {@link
 * dev.gatehouse.gateway.limit.LimitConfig#syncInterval()}, it reports what the active tenants took
 * to a bucket in Redis that all gateways share, and sets its own bucket to what Redis answers. A
 * gateway that let through what another had already given away so learns its debt, and refuses
 * until the debt is paid. The bounds: within one interval a tenant may get {@code gateways × (burst
 * + rate × interval)}; after that its average is its rate, as long as its debt stays below {@code
 * burst + rate ×} {@link dev.gatehouse.gateway.limit.LimitConfig#maxDebt()}, beyond which it is
 * forgiven.
 *
 * <p><b>May fail:</b> Redis, in any way, which no request notices. From then on each gateway
 * enforces the whole rate alone, so that a tenant may get {@code gateways × rate}; the gauge {@code
 * gatehouse.limit.shared} and the counter {@code gatehouse.limit.sync.failures} say so, and one
 * warning in the log, until the first report that succeeds again is logged too. The gateway
 * reconnects by itself. What was taken meanwhile is not reported later.
 */
@NullMarked
package dev.gatehouse.gateway.limit;

import org.jspecify.annotations.NullMarked;
