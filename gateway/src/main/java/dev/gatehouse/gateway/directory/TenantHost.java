package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.tenant.TenantStatus;

/**
 * One host name of a tenant.
 *
 * @param tenant whose it is
 * @param hostClass whether it is the tenant's subdomain or a domain of its own
 * @param status the tenant's, here too: whether a request goes on is known without a look at the
 *     tenant
 * @param redirected whether its clients are sent to another host ({@link Tenant#redirectOf})
 */
public record TenantHost(
    Tenant tenant, HostClass hostClass, TenantStatus status, boolean redirected) {
  private static final HostClass[] CLASSES = HostClass.values();
  private static final TenantStatus[] STATUSES = TenantStatus.values();

  /** The host with a {@link #mark}. */
  static TenantHost marked(Tenant tenant, int mark) {
    int classAndStatus = (mark - 1) / 2;
    return new TenantHost(
        tenant,
        CLASSES[classAndStatus % CLASSES.length],
        STATUSES[classAndStatus / CLASSES.length],
        (mark - 1) % 2 == 1);
  }

  /** All but the tenant, as one number from 1 to 127. */
  @SuppressWarnings("EnumOrdinal") // It never leaves the process.
  int mark() {
    int classAndStatus = status.ordinal() * CLASSES.length + hostClass.ordinal();
    return 1 + 2 * classAndStatus + (redirected ? 1 : 0);
  }
}
