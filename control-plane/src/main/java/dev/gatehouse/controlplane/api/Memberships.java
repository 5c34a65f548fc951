package dev.gatehouse.controlplane.api;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What users may do in tenants. */
@FunctionalInterface
public interface Memberships {
  /**
   * What a user may do in a tenant by membership. Costs the same whether there is no such tenant or
   * the user is no member.
   *
   * @param tenant its id or its slug, as it came in the path
   * @return empty if the user is no member of it
   */
  Optional<Set<Permission>> permissionsIn(UUID user, String tenant);
}
