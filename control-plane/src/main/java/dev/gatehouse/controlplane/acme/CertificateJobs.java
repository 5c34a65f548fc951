package dev.gatehouse.controlplane.acme;

import dev.gatehouse.controlplane.acme.CertificateKeeping.Host;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.certificate.CertificateService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.TenantSealers;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is done for the certificates of domains in the background. */
public final class CertificateJobs {
  private CertificateJobs() {}

  /**
   * By the kinds of jobs that they do. Without an authority, nothing is ordered: what waits to be
   * is left to instances that have one.
   *
   * @throws IllegalArgumentException if the file of authorities that is configured cannot be used
   */
  public static Map<String, JobHandler> handlers(
      Optional<AcmeConfig> config,
      MasterKey masterKey,
      TenantSealers sealers,
      Database database,
      CertificateService certificates,
      DomainService domains,
      TenantService tenants,
      EdgePublisher publisher,
      GatewayFleet fleet,
      JobService jobs,
      AuditService audit) {
    InstantSource clock = InstantSource.system();
    CertificateOrderStore orders = new CertificateOrderStore();
    CertificateKeeping keeping =
        new CertificateKeeping(
            orders, certificates, domains, tenants, publisher, sealers, audit, clock);
    JobHandler forgetting = job -> tx -> keeping.removed(tx, Host.of(job));
    if (config.isEmpty()) {
      return Map.of(DomainService.FORGET_CERTIFICATE, forgetting);
    }
    AcmeConfig acme = config.get();
    return Map.of(
        DomainService.FORGET_CERTIFICATE,
        forgetting,
        DomainService.CERTIFICATE,
        new CertificateJob(
            database,
            orders,
            certificates,
            domains,
            keeping,
            fleet,
            acme,
            new AcmeAccounts(database, masterKey, acme, AcmeSessions.open(acme)),
            clock),
        CertificateUpkeep.KIND,
        new CertificateUpkeep(database, orders, jobs, clock));
  }

  /** Has all domains looked after, where certificates are ordered. */
  public static void begin(Optional<AcmeConfig> config, Database database, JobService jobs) {
    if (config.isPresent()) {
      database.runInTransaction(
          tx -> jobs.reschedule(tx, NewJob.of(CertificateUpkeep.KIND, "", Instant.now())));
    }
  }

  /** Erases the orders of a deleted tenant. */
  public static boolean erase(SqlConnection tx, UUID tenant) {
    new CertificateOrderStore().deleteAll(tx, tenant);
    return true;
  }
}
