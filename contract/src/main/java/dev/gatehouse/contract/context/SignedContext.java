package dev.gatehouse.contract.context;

/**
 * A verified context together with what was signed, for whoever has to show it to somebody else: to
 * the control plane, which says where the tenant's data are.
 *
 * @param context what it says
 * @param jws as it came in the header {@value TenantContext#HEADER}; never logged
 */
public record SignedContext(TenantContext context, String jws) {
  /** Does not show what was signed. */
  @Override
  public String toString() {
    return "SignedContext[tenant=" + context.tenantId() + ", subject=" + context.subject() + "]";
  }
}
