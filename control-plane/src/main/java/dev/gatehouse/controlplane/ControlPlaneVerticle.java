package dev.gatehouse.controlplane;

import dev.gatehouse.contract.token.SecretToken.Kind;
import dev.gatehouse.controlplane.access.ApiKeyRoutes;
import dev.gatehouse.controlplane.access.BearerAuthenticator;
import dev.gatehouse.controlplane.access.KeyUseRoutes;
import dev.gatehouse.controlplane.access.TokenRoutes;
import dev.gatehouse.controlplane.access.TokenService;
import dev.gatehouse.controlplane.analytics.AnalyticsRoutes;
import dev.gatehouse.controlplane.api.AccessControl;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiDocument;
import dev.gatehouse.controlplane.api.AuditTrail;
import dev.gatehouse.controlplane.api.Authenticator;
import dev.gatehouse.controlplane.api.ClientAddresses;
import dev.gatehouse.controlplane.api.Cursors;
import dev.gatehouse.controlplane.api.DocumentRoutes;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.HealthRoutes;
import dev.gatehouse.controlplane.api.IdempotencyStore;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.ProblemHandler;
import dev.gatehouse.controlplane.api.RateLimits;
import dev.gatehouse.controlplane.api.RequestIds;
import dev.gatehouse.controlplane.audit.AuditExport;
import dev.gatehouse.controlplane.audit.AuditRoutes;
import dev.gatehouse.controlplane.audit.CheckpointService;
import dev.gatehouse.controlplane.audit.GatewayReportRoutes;
import dev.gatehouse.controlplane.audit.GatewayReportService;
import dev.gatehouse.controlplane.audit.Refusals;
import dev.gatehouse.controlplane.audit.RequestAudit;
import dev.gatehouse.controlplane.billing.BillingRoutes;
import dev.gatehouse.controlplane.certificate.CertificateRoutes;
import dev.gatehouse.controlplane.console.ConsoleRoutes;
import dev.gatehouse.controlplane.console.SessionService;
import dev.gatehouse.controlplane.console.SignIn;
import dev.gatehouse.controlplane.customerkey.CustomerKeyRoutes;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.domain.DomainRoutes;
import dev.gatehouse.controlplane.explain.ExplainRoutes;
import dev.gatehouse.controlplane.feed.EdgeFeed;
import dev.gatehouse.controlplane.health.TenantHealthRoutes;
import dev.gatehouse.controlplane.identity.ClientAuthorityRoutes;
import dev.gatehouse.controlplane.identity.IdentityProviderRoutes;
import dev.gatehouse.controlplane.identity.IdentitySettingRoutes;
import dev.gatehouse.controlplane.imports.ImportRoutes;
import dev.gatehouse.controlplane.imports.ImportService;
import dev.gatehouse.controlplane.isolation.BlueprintRoutes;
import dev.gatehouse.controlplane.isolation.Connections;
import dev.gatehouse.controlplane.isolation.PartitionRoutes;
import dev.gatehouse.controlplane.isolation.PlacementRoutes;
import dev.gatehouse.controlplane.key.JwksRoutes;
import dev.gatehouse.controlplane.key.SigningKeyRoutes;
import dev.gatehouse.controlplane.key.SigningKeyService;
import dev.gatehouse.controlplane.keyset.KeyRoutes;
import dev.gatehouse.controlplane.member.AccountRoutes;
import dev.gatehouse.controlplane.member.InvitationRoutes;
import dev.gatehouse.controlplane.member.MeRoutes;
import dev.gatehouse.controlplane.member.MemberRoutes;
import dev.gatehouse.controlplane.member.MemberService;
import dev.gatehouse.controlplane.member.RoleRoutes;
import dev.gatehouse.controlplane.observe.ControlPlaneMetrics;
import dev.gatehouse.controlplane.observe.MetricsRoutes;
import dev.gatehouse.controlplane.plan.EffectiveRoutes;
import dev.gatehouse.controlplane.plan.PlanRoutes;
import dev.gatehouse.controlplane.provisioning.ProvisioningRoutes;
import dev.gatehouse.controlplane.schedule.ScheduleRoutes;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.service.EndpointRoutes;
import dev.gatehouse.controlplane.service.EndpointService;
import dev.gatehouse.controlplane.service.RouteRoutes;
import dev.gatehouse.controlplane.service.ServiceRoutes;
import dev.gatehouse.controlplane.tenant.TenantRoutes;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.usage.UsageReportRoutes;
import dev.gatehouse.controlplane.usage.UsageRoutes;
import dev.gatehouse.controlplane.user.UserRoutes;
import dev.gatehouse.controlplane.user.UserService;
import dev.gatehouse.controlplane.user.UserTokenRoutes;
import dev.gatehouse.controlplane.user.UserTokenService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Everything that the control plane serves, put together. Runs on virtual threads. */
final class ControlPlaneVerticle extends VerticleBase {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int MAX_REQUEST_LINE_BYTES = 8 << 10;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int IDLE_SECONDS = 75;

  /** Vert.x's sign for a free port that all instances share. */
  private static final int ANY_PORT = -1;

  private final ControlPlaneConfig config;
  private final MasterKey masterKey;
  private final Database database;
  private final TokenService tokens;
  private final UserTokenService userTokens;
  private final Services services;
  private final EdgeFeed feed;
  private final SigningKeyService signingKeys;
  private final RateLimits limits;
  private final Refusals refusals;
  private final CheckpointService checkpoints;
  private final ControlPlaneMetrics metrics;
  private final AtomicInteger port;
  private final GatewayAuthentication gateways;

  /**
   * Puts together what has been started.
   *
   * @param port is told where the verticle listens
   */
  ControlPlaneVerticle(
      ControlPlaneConfig config,
      MasterKey masterKey,
      Database database,
      TokenService tokens,
      UserTokenService userTokens,
      Services services,
      EdgeFeed feed,
      SigningKeyService signingKeys,
      RateLimits limits,
      Refusals refusals,
      CheckpointService checkpoints,
      ControlPlaneMetrics metrics,
      AtomicInteger port) {
    this.config = config;
    this.masterKey = masterKey;
    this.database = database;
    this.tokens = tokens;
    this.userTokens = userTokens;
    this.services = services;
    this.feed = feed;
    this.signingKeys = signingKeys;
    this.limits = limits;
    this.refusals = refusals;
    this.checkpoints = checkpoints;
    this.metrics = metrics;
    this.port = port;
    this.gateways =
        new GatewayAuthentication(
            limits, new BearerAuthenticator(Map.of(Kind.GATEWAY, tokens::holderOf)));
  }

  @Override
  public Future<?> start() {
    int wanted = config.http().port() == 0 ? ANY_PORT : config.http().port();
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxFormAttributeSize(MAX_BODY_BYTES))
        .requestHandler(router())
        .listen(wanted, config.http().host())
        .onSuccess(server -> port.set(server.actualPort()));
  }

  /** All that is served: what every request passes, then the features. */
  private Router router() {
    ApiDocument document = services.document();
    TenantService tenants = services.tenants();
    MemberService members = services.members();
    UserService users = services.users();
    Authenticator callers =
        new BearerAuthenticator(
            Map.of(Kind.OPERATOR, tokens::holderOf, Kind.USER, userTokens::holderOf));
    AuditTrail audit =
        new RequestAudit(services.audit(), (tx, slug) -> tenants.find(tx, slug).id(), refusals);
    Api api =
        new Api(
            document,
            new AccessControl(callers, members),
            limits,
            database,
            new IdempotencyStore(masterKey, InstantSource.system()),
            feed.fleet(),
            audit);
    Pages pages = new Pages(new Cursors(masterKey));
    Exports exports = services.exports();

    new TenantRoutes(tenants, pages).bind(api);
    new ScheduleRoutes(services.schedules(), tenants).bind(api);
    new ProvisioningRoutes(services.provisioning(), tenants).bind(api);
    new ImportRoutes(new ImportService(database, services.jobs()), exports, pages).bind(api);
    new DomainRoutes(services.domains(), tenants, services.plans(), pages).bind(api);
    new CertificateRoutes(services.certificates(), tenants, pages).bind(api);
    new PlanRoutes(services.plans(), pages).bind(api);
    new EffectiveRoutes(services.plans(), tenants).bind(api);
    new PartitionRoutes(services.partitions(), services.placements(), pages).bind(api);
    new BlueprintRoutes(services.rollouts(), pages).bind(api);
    new PlacementRoutes(
            services.placements(),
            new Connections(services.partitions(), services.placements(), signingKeys),
            tenants)
        .bind(api);
    new BillingRoutes(database, exports, pages).bind(api);
    new UsageRoutes(services.usage(), tenants, database, exports).bind(api);
    new TenantHealthRoutes(services.health(), tenants, pages).bind(api);
    new AnalyticsRoutes(services.analytics(), tenants, database, exports, pages).bind(api);
    new ApiKeyRoutes(services.apiKeys(), tenants, pages).bind(api);
    new KeyRoutes(services.keysets(), tenants).bind(api);
    new CustomerKeyRoutes(services.customerKeys(), tenants, database).bind(api);
    new IdentityProviderRoutes(services.identityProviders(), tenants, pages).bind(api);
    new ClientAuthorityRoutes(services.clientAuthorities(), tenants, pages).bind(api);
    new IdentitySettingRoutes(services.identitySettings(), tenants).bind(api);
    EndpointService endpoints = new EndpointService(InstantSource.system());
    EndpointRoutes endpointRoutes =
        new EndpointRoutes(endpoints, services.catalog(), database, gateways);
    endpointRoutes.bind(api);
    new ServiceRoutes(services.catalog(), endpoints, pages).bind(api);
    new ExplainRoutes(
            feed.questions(), services.explainLimits(), tenants, database, config.baseDomain())
        .bind(api);
    new RouteRoutes(services.catalog(), pages).bind(api);
    new TokenRoutes(tokens, pages).bind(api);
    new UserRoutes(users, pages).bind(api);
    new UserTokenRoutes(userTokens, users, pages).bind(api);
    new MemberRoutes(members, tenants, users, pages).bind(api);
    new RoleRoutes(tenants).bind(api);
    new InvitationRoutes(members, tenants, users, pages).bind(api);
    new MeRoutes(members, tenants, users).bind(api);
    feed.gatewayRoutes().bind(api);
    new SigningKeyRoutes(signingKeys).bind(api);
    AuditExport auditExport = new AuditExport(checkpoints, database, exports);
    new AuditRoutes(services.audit(), checkpoints, auditExport, tenants, database, pages).bind(api);

    Router router = Router.router(vertx);
    ProblemHandler.addTo(router);
    router.route().handler(new RequestIds());
    router.route().handler(new ClientAddresses(config.http().trustedProxies()));
    MetricsRoutes metricsRoutes = new MetricsRoutes(metrics, limits, callers);
    metricsRoutes.watch(router);
    router.route("/v1/*").handler(limits::take);
    api.mountStreamed(router);
    router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    new HealthRoutes(database).mount(router);
    metricsRoutes.mount(router);
    new DocumentRoutes(document).mount(router);
    new JwksRoutes(signingKeys, database).mount(router);
    feed.routes(gateways).mount(router);
    new KeyUseRoutes(services.apiKeys(), database, gateways).mount(router);
    new GatewayReportRoutes(new GatewayReportService(services.audit()), database, gateways)
        .mount(router);
    new UsageReportRoutes(services.usage(), database, gateways).mount(router);
    endpointRoutes.mount(router);
    new AccountRoutes(services.members(), services.users(), services.audit(), database, gateways)
        .mount(router);
    api.mount(router);
    SessionService sessions =
        new SessionService(
            database,
            services.audit(),
            tokens::callerOf,
            userTokens::callerOf,
            InstantSource.system());
    new ConsoleRoutes(api, limits, sessions, new SignIn(sessions, callers, limits, audit))
        .mount(router);
    return router;
  }
}
