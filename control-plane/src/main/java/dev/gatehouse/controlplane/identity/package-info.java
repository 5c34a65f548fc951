/**
 * Identity providers: the issuers whose JWTs a tenant accepts, and what of their tokens is revoked.
 *
 * <p>A tenant says where an issuer publishes its keys, so that is looked at before it is kept
 * ({@code JwksUrlRules}): it must not lead gateways into the platform's own network. Tokens never
 * come here; gateways verify them by what they are told ({@link
 * dev.gatehouse.contract.edge.EdgeIdentityProvider}).
 */
@NullMarked
package dev.gatehouse.controlplane.identity;

import org.jspecify.annotations.NullMarked;
