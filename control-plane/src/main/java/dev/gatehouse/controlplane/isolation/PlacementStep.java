package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.provisioning.ProvisioningStep;
import dev.gatehouse.controlplane.tenant.Tenant;
import io.vertx.sqlclient.SqlConnection;

/** Makes the place of a pending tenant's data. */
public final class PlacementStep implements ProvisioningStep {
  /** The name under which its progress is shown. */
  public static final String NAME = "place-data";

  private final PlacementService placements;
  private final Placer placer;

  public PlacementStep(PlacementService placements, Placer placer) {
    this.placements = placements;
    this.placer = placer;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Tenant tenant) throws Exception {
    boolean _ = placer.place(tenant.id(), tenant.plan(), tenant.part("config"));
  }

  @Override
  public void complete(SqlConnection tx, Tenant tenant) {
    placements.placed(tx, tenant.id());
  }
}
