package dev.gatehouse.gateway.limit;

import dev.gatehouse.gateway.authenticate.Authenticated;

/**
 * A request that is within its tenant's share.
 *
 * @param request what was authenticated
 * @param maxBodyBytes how long its body may get, however it is announced
 * @param slots one of these is taken by the request until it ends
 */
public record Admitted(Authenticated request, long maxBodyBytes, Slots slots) {}
