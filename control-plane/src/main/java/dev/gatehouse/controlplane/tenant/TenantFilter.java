package dev.gatehouse.controlplane.tenant;

import java.util.Optional;

/**
 * Which tenants to list.
 *
 * @param status only these; all but the deleted ones if absent
 * @param slug only this one
 * @param search only those whose name or slug contains this, in any case
 */
record TenantFilter(Optional<String> status, Optional<String> slug, Optional<String> search) {}
