package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.tenant.Tenant;
import java.time.Duration;
import java.util.List;

/** Waits until every live gateway serves the tenant; one that is dead is not waited for. */
final class ConfirmStep implements ProvisioningStep {
  static final String NAME = "confirm-edge";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final GatewayFleet fleet;

  ConfirmStep(GatewayFleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Tenant tenant) {
    List<String> lagging = fleet.awaitNewest(PATIENCE);
    if (!lagging.isEmpty()) {
      throw new IllegalStateException(
          "these gateways do not know yet that the tenant is active: "
              + String.join(", ", lagging));
    }
  }
}
