/**
 * Whose word a tenant takes for who calls: issuers of JWTs, which users log in with, too, and what
 * of their tokens is revoked; authorities of client certificates; a server that is asked about
 * tokens, and a service that decides about requests.
 *
 * <p>A tenant says with its URLs where gateways go, so those are looked at before they are kept
 * ({@code FetchUrlRules}): they must not lead into the platform's own network. Secrets of clients
 * are taken out of what callers send, and kept sealed ({@code ClientSecrets}). Tokens and
 * certificates of callers never come here; gateways judge them by what they are told ({@link
 * dev.gatehouse.contract.edge.EdgeIdentityProvider} and its like).
 */
@NullMarked
package dev.gatehouse.controlplane.identity;

import org.jspecify.annotations.NullMarked;
