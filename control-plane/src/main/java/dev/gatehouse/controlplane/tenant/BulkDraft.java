package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import java.util.Set;
import java.util.UUID;

/**
 * One of many tenants that are to be created together.
 *
 * @param services that it names
 */
record BulkDraft(UUID id, TenantDraft draft, TenantStatus status, Set<String> services) {
  Slug slug() {
    return draft.slug();
  }
}
