package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.dns.DnsClient;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.egress.EgressClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** What is done for domains in the background, and what that needs to ask other servers. */
public final class DomainJobs implements AutoCloseable {
  private static final Duration FETCH_DEADLINE = Duration.ofSeconds(5);

  private final DnsClient dns;
  private final Map<String, JobHandler> handlers;

  private DomainJobs(DnsClient dns, Map<String, JobHandler> handlers) {
    this.dns = dns;
    this.handlers = handlers;
  }

  /** Opens the ways to the DNS and to hosts; asks nobody yet. */
  public static DomainJobs start(
      Vertx vertx,
      Database database,
      DomainService domains,
      TenantService tenants,
      AuditService audit,
      DomainConfig config) {
    DnsClient dns = DnsClient.open(config.dnsServerAddress());
    EgressClient http =
        EgressClient.forSingleFetches(
            vertx, config.egressPolicy(), "gatehouse-control-plane", FETCH_DEADLINE);
    DomainVerifier verifier = new DomainVerifier(dns, http, config);
    return new DomainJobs(
        dns,
        Map.of(
            DomainService.CHECK,
            new DomainCheck(
                database, domains, tenants, audit, verifier, config, InstantSource.system()),
            FormerSlugService.KIND,
            new FormerSlugExpiry(domains, tenants, audit)));
  }

  /** By the kinds of jobs that they do. */
  public Map<String, JobHandler> handlers() {
    return handlers;
  }

  @Override
  public void close() {
    dns.close();
  }
}
