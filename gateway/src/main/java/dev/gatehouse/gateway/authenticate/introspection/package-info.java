/**
 * Tokens that only their authorization server understands. In: a token and the tenant's server.
 * Out: who came with it, by the server's word. Fails with {@link
 * dev.gatehouse.gateway.rejection.Rejection.Unauthenticated}, or with {@link
 * dev.gatehouse.gateway.rejection.Rejection.IdentityProviderUnavailable} where the server cannot be
 * asked.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.introspection;

import org.jspecify.annotations.NullMarked;
