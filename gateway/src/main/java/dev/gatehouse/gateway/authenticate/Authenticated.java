package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.resolve.Resolved;

/**
 * A request whose caller is known to the tenant.
 *
 * @param request what was resolved
 * @param principal who calls
 */
public record Authenticated(Resolved request, Principal principal) implements Authentication {}
