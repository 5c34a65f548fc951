package dev.gatehouse.contract.edge;

import java.util.UUID;

/**
 * A tenant that a user of the platform is a member of, as gateways are told of it.
 *
 * @param tenant its id
 * @param slug its subdomain under the base domain
 * @param name what people call it
 * @param role what the user is there
 */
public record AccountMembership(UUID tenant, String slug, String name, String role) {
  /**
   * Where gateways ask the control plane. GET with {@code issuer} and {@code subject} lists the
   * memberships of a user at tenants that are served: {@code {"memberships": [...]}}. POST with
   * {@code {"issuer", "subject", "tenant"}} says that the user enters one of them, which is
   * recorded in its audit trail, and gives this; 404 if the user is no member there.
   */
  public static final String PATH = "/edge/v1/account-memberships";
}
