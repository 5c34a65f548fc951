/**
 * Requests that the tenant's own service decides about (forward authentication). In: what is asked
 * for, and the headers that the service may see. Out: who calls, by its word. Fails with what it
 * answers, or with {@link dev.gatehouse.gateway.rejection.Rejection.IdentityProviderUnavailable}
 * where it cannot be asked.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.decision;

import org.jspecify.annotations.NullMarked;
