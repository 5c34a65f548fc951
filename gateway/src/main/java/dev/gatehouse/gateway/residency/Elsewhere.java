package dev.gatehouse.gateway.residency;

/** What becomes of requests of tenants that are bound to another region than the gateway's. */
public enum Elsewhere {
  /** They are refused with 421, which says where the tenant is served. */
  REFUSE,
  /**
   * They are passed on to a gateway of that region, where one is known, and refused otherwise.
   * Nothing but their tenant is found out here.
   */
  FORWARD;

  /** Where nothing is said. */
  public static final Elsewhere DEFAULT = REFUSE;
}
