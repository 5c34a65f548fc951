package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.isolation.PlacementStep;
import dev.gatehouse.controlplane.tenant.TenantService;
import java.util.List;

/** All steps, in their order. A new one is added to both lists. */
final class ProvisioningSteps {
  /** Their names, for tenants that are created from now on. */
  static final List<String> NAMES =
      List.of(PlacementStep.NAME, ActivateStep.NAME, ConfirmStep.NAME);

  private ProvisioningSteps() {}

  static List<ProvisioningStep> all(
      TenantService tenants, PlacementStep placement, GatewayFleet fleet) {
    return List.of(placement, new ActivateStep(tenants), new ConfirmStep(fleet));
  }
}
