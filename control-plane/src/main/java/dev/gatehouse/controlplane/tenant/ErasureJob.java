package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Erases what a deleted tenant had, a part in each transaction, so that it goes on after a crash
 * where it was. What stays is the row with id, slug, times and reason, and the history.
 */
public final class ErasureJob implements JobHandler {
  /** The kind of the jobs; the key is the tenant's id. */
  public static final String KIND = "erasure";

  private final TenantService tenants;
  private final List<TenantEraser> erasers;

  /**
   * @param erasers one of each feature that has something of tenants, in the order in which they
   *     are asked
   */
  public ErasureJob(TenantService tenants, List<TenantEraser> erasers) {
    this.tenants = tenants;
    this.erasers = List.copyOf(erasers);
  }

  @Override
  public Effect run(Job job) {
    UUID tenant = UUID.fromString(job.key());
    return tx -> {
      for (TenantEraser eraser : erasers) {
        if (!eraser.erase(tx, tenant)) {
          return Next.again(Instant.now());
        }
      }
      tenants.markErased(tx, tenant);
      return Next.done();
    };
  }
}
