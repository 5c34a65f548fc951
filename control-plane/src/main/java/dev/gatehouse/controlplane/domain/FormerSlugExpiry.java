package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Lets the old subdomain of a renamed tenant go when its time is over. */
final class FormerSlugExpiry implements JobHandler {
  private final DomainService domains;
  private final TenantService tenants;
  private final AuditService audit;

  FormerSlugExpiry(DomainService domains, TenantService tenants, AuditService audit) {
    this.domains = domains;
    this.tenants = tenants;
    this.audit = audit;
  }

  @Override
  public Effect run(Job job) {
    return tx -> {
      UUID id = UUID.fromString(job.payload().getString("tenant"));
      Optional<Tenant> tenant = tenants.lockById(tx, id);
      Optional<Instant> later = domains.expireSlug(tx, new Slug(job.key()), id);
      if (later.isPresent()) {
        return Next.again(later.get());
      }
      tenant.ifPresent(found -> release(tx, found, job.key()));
      return Next.done();
    };
  }

  private void release(SqlConnection tx, Tenant tenant, String slug) {
    tenants.publish(tx, tenant);
    audit.system(
        tx,
        tenant.id(),
        "former-slug.release",
        "/v1/tenants/" + tenant.id(),
        Optional.of(JsonObject.of("slug", slug)),
        Optional.empty());
  }
}
