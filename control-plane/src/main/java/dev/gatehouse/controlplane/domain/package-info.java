/**
 * Custom domains: the host names, besides {@code slug.<base domain>}, that a tenant is reached at,
 * and what becomes of its subdomain when it is renamed.
 *
 * <p>A tenant claims a host ({@link dev.gatehouse.controlplane.domain.DomainService}); a job looks
 * at it from outside ({@code DomainVerifier}), decides by what it saw ({@code OwnershipRules}) and
 * tells the edge ({@code EdgeHosts}). Only a claim that was verified is served.
 */
@NullMarked
package dev.gatehouse.controlplane.domain;

import org.jspecify.annotations.NullMarked;
