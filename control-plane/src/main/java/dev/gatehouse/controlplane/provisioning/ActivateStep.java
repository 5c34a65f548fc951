package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.tenant.Transition;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Makes the tenant active, which the edge is told. */
final class ActivateStep implements ProvisioningStep {
  static final String NAME = "activate";

  private static final String ACTOR = "provisioning";

  private final TenantService tenants;

  ActivateStep(TenantService tenants) {
    this.tenants = tenants;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Somebody may have activated it, and done more with it, before this step was marked as done. */
  @Override
  public void complete(SqlConnection tx, Tenant tenant) {
    if (tenant.status() == TenantStatus.PENDING) {
      tenants.moveByJob(tx, tenant, Transition.ACTIVATE, Optional.empty(), ACTOR);
    }
  }
}
