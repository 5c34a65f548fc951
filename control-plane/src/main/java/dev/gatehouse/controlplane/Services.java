package dev.gatehouse.controlplane;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.access.ApiKeyService;
import dev.gatehouse.controlplane.acme.CertificateJobs;
import dev.gatehouse.controlplane.analytics.AnalyticsService;
import dev.gatehouse.controlplane.api.ApiDocument;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.certificate.CertificateService;
import dev.gatehouse.controlplane.customerkey.CustomerKeyService;
import dev.gatehouse.controlplane.customerkey.CustomerKeys;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.explain.ExplainLimits;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.health.HealthService;
import dev.gatehouse.controlplane.identity.ClientAuthorityService;
import dev.gatehouse.controlplane.identity.IdentityProviderService;
import dev.gatehouse.controlplane.identity.IdentitySettingService;
import dev.gatehouse.controlplane.imports.ImportJob;
import dev.gatehouse.controlplane.isolation.BlueprintService;
import dev.gatehouse.controlplane.isolation.CurrentBlueprints;
import dev.gatehouse.controlplane.isolation.PartitionJob;
import dev.gatehouse.controlplane.isolation.PartitionService;
import dev.gatehouse.controlplane.isolation.PlacementJob;
import dev.gatehouse.controlplane.isolation.PlacementService;
import dev.gatehouse.controlplane.isolation.PlacementStep;
import dev.gatehouse.controlplane.isolation.Placer;
import dev.gatehouse.controlplane.isolation.RolloutJob;
import dev.gatehouse.controlplane.isolation.RolloutService;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.keyset.KeysetService;
import dev.gatehouse.controlplane.member.MemberService;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.plan.TenantPart;
import dev.gatehouse.controlplane.provisioning.ProvisioningJob;
import dev.gatehouse.controlplane.provisioning.ProvisioningService;
import dev.gatehouse.controlplane.schedule.ScheduleJob;
import dev.gatehouse.controlplane.schedule.ScheduleService;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.TenantSealers;
import dev.gatehouse.controlplane.service.CatalogService;
import dev.gatehouse.controlplane.tenant.BulkTenantService;
import dev.gatehouse.controlplane.tenant.ErasureJob;
import dev.gatehouse.controlplane.tenant.TenantEraser;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.usage.UsageService;
import dev.gatehouse.controlplane.user.UserService;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The rules of the features, for requests and for jobs. Any thread.
 *
 * @param document what requests, and the lines of imports, are checked against
 */
record Services(
    ApiDocument document,
    JobService jobs,
    AuditService audit,
    DomainService domains,
    CertificateService certificates,
    ApiKeyService apiKeys,
    KeysetService keysets,
    CustomerKeyService customerKeys,
    IdentityProviderService identityProviders,
    ClientAuthorityService clientAuthorities,
    IdentitySettingService identitySettings,
    UserService users,
    MemberService members,
    CatalogService catalog,
    PlanService plans,
    ScheduleService schedules,
    ProvisioningService provisioning,
    PartitionService partitions,
    PlacementService placements,
    RolloutService rollouts,
    TenantService tenants,
    BulkTenantService bulkTenants,
    UsageService usage,
    HealthService health,
    AnalyticsService analytics,
    ExplainLimits explainLimits,
    Exports exports) {

  static Services of(
      ControlPlaneConfig config,
      MasterKey masterKey,
      KeysetService keysets,
      CustomerKeys customerKeys,
      TenantSealers sealers,
      Database database,
      EdgePublisher publisher,
      AuditService audit) {
    ApiDocument document = ApiDocument.load();
    InstantSource clock = InstantSource.system();
    JobService jobs = new JobService();
    DomainService domains =
        new DomainService(Hostname.parse(config.baseDomain()), config.domains(), jobs, clock);
    CatalogService catalog = new CatalogService(publisher, masterKey, clock);
    PlanService plans = new PlanService(platformDefaults(document), publisher);
    ScheduleService schedules = new ScheduleService(jobs, clock);
    ProvisioningService provisioning = new ProvisioningService(jobs);
    BlueprintService blueprints = new BlueprintService();
    PartitionService partitions =
        new PartitionService(blueprints, publisher, masterKey, jobs, clock);
    PlacementService placements =
        new PlacementService(partitions, blueprints, sealers, jobs, clock);
    TenantService tenants =
        new TenantService(
            domains, catalog, plans, schedules, provisioning, placements, jobs, publisher, audit);
    return new Services(
        document,
        jobs,
        audit,
        domains,
        new CertificateService(publisher, sealers, clock),
        new ApiKeyService(publisher, clock),
        keysets,
        new CustomerKeyService(
            customerKeys,
            keysets,
            tenants,
            config.domains().egressPolicy(),
            masterKey,
            publisher,
            clock),
        new IdentityProviderService(config.domains().egressPolicy(), sealers, publisher, clock),
        new ClientAuthorityService(publisher, clock),
        new IdentitySettingService(config.domains().egressPolicy(), sealers, publisher, clock),
        new UserService(),
        new MemberService(plans, database),
        catalog,
        plans,
        schedules,
        provisioning,
        partitions,
        placements,
        new RolloutService(blueprints, jobs),
        tenants,
        new BulkTenantService(domains, catalog, plans, provisioning, placements, publisher, audit),
        new UsageService(audit, clock),
        new HealthService(clock),
        new AnalyticsService(clock),
        new ExplainLimits(),
        new Exports());
  }

  private static Map<TenantPart, JsonObject> platformDefaults(ApiDocument document) {
    return Map.of(
        TenantPart.LIMITS, document.defaultsOf("Limits"),
        TenantPart.FEATURES, document.defaultsOf("Features"),
        TenantPart.SETTINGS, document.defaultsOf("Settings"));
  }

  /** What does the jobs of the features, by the kinds of jobs. */
  Map<String, JobHandler> handlers(Database database, GatewayFleet fleet) {
    return Map.of(
        ScheduleJob.KIND,
        new ScheduleJob(schedules, tenants),
        ProvisioningJob.KIND,
        new ProvisioningJob(
            database,
            provisioning,
            tenants,
            new PlacementStep(placements, placer(database)),
            fleet),
        ImportJob.KIND,
        new ImportJob(document.bodyReader("createTenant"), bulkTenants),
        ErasureJob.KIND,
        new ErasureJob(tenants, erasers(database), audit));
  }

  /** The same for what happens in partitions, which may take its time. */
  Map<String, JobHandler> partitionHandlers(Database database) {
    return Map.of(
        PartitionJob.KIND,
        new PartitionJob(
            database,
            partitions,
            new CurrentBlueprints(database, rollouts.blueprints(), partitions, placements)),
        PlacementJob.KIND,
        new PlacementJob(database, placements, placer(database), tenants),
        RolloutJob.KIND,
        new RolloutJob(database, rollouts, partitions, placements, tenants, audit));
  }

  private Placer placer(Database database) {
    return new Placer(database, partitions, placements, rollouts, tenants);
  }

  /** What each feature has of a tenant; here a new feature is added. */
  private List<TenantEraser> erasers(Database database) {
    return List.of(
        placer(database).eraser(),
        (tx, tenant) -> {
          jobs.cancelAll(tx, tenant);
          schedules.cancelAll(tx, tenant);
          provisioning.forget(tx, tenant);
          domains.removeAll(tx, tenant);
          return true;
        },
        (tx, tenant) -> {
          members.removeAll(tx, tenant);
          return true;
        },
        keysets::erase,
        customerKeys::erase,
        apiKeys::erase,
        certificates::erase,
        CertificateJobs::erase,
        identityProviders::erase,
        clientAuthorities::erase,
        identitySettings::erase,
        usage::erase,
        health::erase,
        analytics::erase);
  }
}
