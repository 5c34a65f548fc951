package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.isolation.PlacementStep;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Does one step of a tenant's provisioning at a time. */
public final class ProvisioningJob implements JobHandler {
  /** The kind of the jobs; the key is the tenant's id. */
  public static final String KIND = "provisioning";

  private final Database database;
  private final ProvisioningService provisioning;
  private final TenantService tenants;
  private final List<ProvisioningStep> steps;

  public ProvisioningJob(
      Database database,
      ProvisioningService provisioning,
      TenantService tenants,
      PlacementStep placement,
      GatewayFleet fleet) {
    this.database = database;
    this.provisioning = provisioning;
    this.tenants = tenants;
    this.steps = ProvisioningSteps.all(tenants, placement, fleet);
  }

  @Override
  public Effect run(Job job) throws Exception {
    UUID id = UUID.fromString(job.key());
    Optional<String> name = database.inTransaction(tx -> provisioning.beginStep(tx, id));
    Optional<Tenant> tenant =
        database.withConnection(connection -> tenants.findById(connection, id));
    if (name.isEmpty() || tenant.isEmpty()) {
      return _ -> Next.done();
    }
    ProvisioningStep step = stepNamed(name.get());
    step.prepare(tenant.get());
    return tx -> {
      Optional<Tenant> locked = tenants.lockById(tx, id);
      if (locked.isEmpty()) {
        return Next.done();
      }
      provisioning.stepDone(tx, id, step.name());
      step.complete(tx, locked.get());
      return Next.again(Instant.now());
    };
  }

  private ProvisioningStep stepNamed(String name) {
    return steps.stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException("this version of the control plane has no step " + name));
  }
}
