package dev.gatehouse.gateway.resolve;

import dev.gatehouse.contract.edge.EdgeRoute.HostClass;

/** What in a request named its tenant. */
public enum TenantSource {
  /** A domain of the tenant's own. */
  CUSTOM_DOMAIN(HostClass.CUSTOM, "custom domain"),
  /** The tenant's name under the base domain. */
  SUBDOMAIN(HostClass.SUBDOMAIN, "subdomain"),
  /** {@code X-Tenant-Id}, where the operator trusts it. */
  HEADER(HostClass.ANY, "X-Tenant-Id header"),
  /** An API key at a host that belongs to nobody. */
  API_KEY(HostClass.ANY, "API key");

  private final HostClass hostClass;
  private final String text;

  TenantSource(HostClass hostClass, String text) {
    this.hostClass = hostClass;
    this.text = text;
  }

  /** The source that a host of a tenant is. */
  static TenantSource of(HostClass hostClass) {
    return hostClass == HostClass.CUSTOM ? CUSTOM_DOMAIN : SUBDOMAIN;
  }

  /** The class of hosts that routes may be bound to. */
  public HostClass hostClass() {
    return hostClass;
  }

  /** For a person. */
  @Override
  public String toString() {
    return text;
  }
}
