/**
 * Lets no tenant take what others need of a service.
 *
 * <p><b>In:</b> every request that is to be sent, with its tenant, at {@link
 * dev.gatehouse.gateway.share.ServiceShare#enter}.
 *
 * <p><b>Out:</b> a {@link dev.gatehouse.gateway.share.Permit}, at once where the service has room,
 * otherwise when it is the tenant's turn (deficit round robin by weight); a refusal when the queue
 * is full or the wait too long. Beside it the {@link dev.gatehouse.gateway.share.RetryBudget} and
 * the {@link dev.gatehouse.gateway.share.ServiceBreaker} of the service.
 *
 * <p><b>Threads:</b> everything belongs to one event loop and takes no lock, but {@link
 * dev.gatehouse.gateway.share.ServiceBreakers}, {@link dev.gatehouse.gateway.share.ShareMeters} and
 * {@link dev.gatehouse.gateway.share.AdaptiveLimits}, which all event loops of a gateway share. A
 * limit that the gateway finds is one of the latter's; requests tell it what they took by a few
 * atomic additions.
 */
@NullMarked
package dev.gatehouse.gateway.share;

import org.jspecify.annotations.NullMarked;
