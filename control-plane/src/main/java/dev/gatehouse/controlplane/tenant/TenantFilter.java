package dev.gatehouse.controlplane.tenant;

import java.time.Instant;
import java.util.Optional;

/**
 * Which tenants to list.
 *
 * @param status only these; all but the deleted ones if absent
 * @param slug only this one
 * @param search only those whose name or slug contains this, in any case; begins with it where it
 *     is shorter than three characters
 * @param domain only the one that has this custom domain
 * @param plan only those on this plan
 * @param health only active ones whose health is in this state
 * @param createdFrom only those created then or later
 * @param createdTo only those created before it
 */
record TenantFilter(
    Optional<String> status,
    Optional<String> slug,
    Optional<String> search,
    Optional<String> domain,
    Optional<String> plan,
    Optional<String> health,
    Optional<Instant> createdFrom,
    Optional<Instant> createdTo) {}
