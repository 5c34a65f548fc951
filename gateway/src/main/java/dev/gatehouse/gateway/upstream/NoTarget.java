package dev.gatehouse.gateway.upstream;

/** Why there is nowhere to send a request. */
public enum NoTarget implements Pick {
  /** The gateway does not know the service (any more). */
  UNKNOWN_SERVICE("the service is not known"),
  /**
   * The service's endpoints are names, and DNS has not answered for any of them. Waiting for {@link
   * LoopUpstream#resolved()} can help.
   */
  NOT_RESOLVED("no name of an endpoint has been resolved"),
  /** The tenant is bound to a region in which none of the endpoints stands. */
  OUTSIDE_REGION("no endpoint stands in the tenant's region"),
  /** The tenant has endpoints of its own, and the gateway keeps as many of such as it may. */
  TOO_MANY_SILOS("too many tenants with endpoints of their own");

  private final String reason;

  NoTarget(String reason) {
    this.reason = reason;
  }

  /** Why, in words for an operator. */
  public String reason() {
    return reason;
  }
}
