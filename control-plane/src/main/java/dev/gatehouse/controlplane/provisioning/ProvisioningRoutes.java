package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;

/** {@code /v1/tenants/{tenant}/provisioning}. */
public final class ProvisioningRoutes {
  private final ProvisioningService provisioning;
  private final TenantService tenants;

  public ProvisioningRoutes(ProvisioningService provisioning, TenantService tenants) {
    this.provisioning = provisioning;
    this.tenants = tenants;
  }

  /** Binds the operation. */
  public void bind(Api api) {
    api.perform(
        "getProvisioning",
        (request, connection) -> {
          Tenant tenant = tenants.find(connection, request.path("tenant"));
          return Answer.ok(provisioning.progress(connection, tenant.id()));
        });
  }
}
