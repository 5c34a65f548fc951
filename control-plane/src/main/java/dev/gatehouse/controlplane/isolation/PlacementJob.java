package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import java.util.Optional;
import java.util.UUID;

/** Places a tenant and tells the edge. */
public final class PlacementJob implements JobHandler {
  /** The kind of the jobs; the key is the tenant's id. */
  public static final String KIND = "placement";

  private final Database database;
  private final PlacementService placements;
  private final Placer placer;
  private final TenantService tenants;

  public PlacementJob(
      Database database, PlacementService placements, Placer placer, TenantService tenants) {
    this.database = database;
    this.placements = placements;
    this.placer = placer;
    this.tenants = tenants;
  }

  @Override
  public Effect run(Job job) throws Exception {
    UUID id = UUID.fromString(job.key());
    Optional<Tenant> tenant =
        database.withConnection(connection -> tenants.findById(connection, id));
    boolean placed =
        tenant.isPresent() && placer.place(id, tenant.get().plan(), tenant.get().part("config"));
    return tx -> {
      Optional<Tenant> locked = tenants.lockById(tx, id);
      if (placed && locked.isPresent()) {
        placements.placed(tx, id);
        tenants.publish(tx, locked.get());
      }
      return Next.done();
    };
  }
}
