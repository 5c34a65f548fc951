package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import java.time.Instant;
import java.util.Optional;

/** Lets the old subdomain of a renamed tenant go when its time is over. */
final class FormerSlugExpiry implements JobHandler {
  private final DomainService domains;
  private final TenantService tenants;

  FormerSlugExpiry(DomainService domains, TenantService tenants) {
    this.domains = domains;
    this.tenants = tenants;
  }

  @Override
  public Effect run(Job job) {
    return tx -> {
      Tenant tenant = tenants.lock(tx, job.payload().getString("tenant"));
      Optional<Instant> later = domains.expireSlug(tx, new Slug(job.key()), tenant.id());
      if (later.isPresent()) {
        return Next.again(later.get());
      }
      tenants.publish(tx, tenant);
      return Next.done();
    };
  }
}
