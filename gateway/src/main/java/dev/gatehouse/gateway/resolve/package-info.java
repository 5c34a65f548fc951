/**
 * Whose request is this? In: a {@link dev.gatehouse.gateway.admit.Sanitized} request. Out: a {@link
 * dev.gatehouse.gateway.resolve.Resolved}, of a tenant that is served. Fails with {@link
 * dev.gatehouse.gateway.rejection.Rejection.UnknownHost}, {@link
 * dev.gatehouse.gateway.rejection.Rejection.ConflictingTenants}, one of the tenant's states, or
 * what {@link dev.gatehouse.gateway.residency.Entrance} says.
 */
@NullMarked
package dev.gatehouse.gateway.resolve;

import org.jspecify.annotations.NullMarked;
