package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Erases what a deleted tenant had, a part in each transaction, so that it goes on after a crash
 * where it was. What stays is the row with id, slug, times and reason, the history and the audit
 * trail.
 */
public final class ErasureJob implements JobHandler {
  /** The kind of the jobs; the key is the tenant's id. */
  public static final String KIND = "erasure";

  private final TenantService tenants;
  private final List<TenantEraser> erasers;
  private final AuditService audit;

  /**
   * @param erasers one of each feature that has something of tenants, in the order in which they
   *     are asked
   */
  public ErasureJob(TenantService tenants, List<TenantEraser> erasers, AuditService audit) {
    this.tenants = tenants;
    this.erasers = List.copyOf(erasers);
    this.audit = audit;
  }

  @Override
  public Effect run(Job job) throws Exception {
    UUID tenant = UUID.fromString(job.key());
    for (TenantEraser eraser : erasers) {
      eraser.prepare(tenant);
    }
    return tx -> {
      for (TenantEraser eraser : erasers) {
        if (!eraser.erase(tx, tenant)) {
          return Next.again(Instant.now());
        }
      }
      tenants.markErased(tx, tenant);
      audit.system(
          tx, tenant, "erasure.done", "/v1/tenants/" + tenant, Optional.empty(), Optional.empty());
      return Next.done();
    };
  }
}
