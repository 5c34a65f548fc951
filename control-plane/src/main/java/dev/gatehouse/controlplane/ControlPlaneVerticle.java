package dev.gatehouse.controlplane;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken.Kind;
import dev.gatehouse.controlplane.access.ApiKeyRoutes;
import dev.gatehouse.controlplane.access.ApiKeyService;
import dev.gatehouse.controlplane.access.TokenRoutes;
import dev.gatehouse.controlplane.access.TokenService;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiDocument;
import dev.gatehouse.controlplane.api.Cursors;
import dev.gatehouse.controlplane.api.DocumentRoutes;
import dev.gatehouse.controlplane.api.HealthRoutes;
import dev.gatehouse.controlplane.api.IdempotencyStore;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.ProblemHandler;
import dev.gatehouse.controlplane.api.RequestIds;
import dev.gatehouse.controlplane.billing.BillingRoutes;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.domain.DomainRoutes;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.EdgeFeed;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.key.JwksRoutes;
import dev.gatehouse.controlplane.key.SigningKeyRoutes;
import dev.gatehouse.controlplane.key.SigningKeyService;
import dev.gatehouse.controlplane.plan.EffectiveRoutes;
import dev.gatehouse.controlplane.plan.PlanRoutes;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.plan.TenantPart;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.service.CatalogService;
import dev.gatehouse.controlplane.service.RouteRoutes;
import dev.gatehouse.controlplane.service.ServiceRoutes;
import dev.gatehouse.controlplane.tenant.TenantRoutes;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
  private final EdgePublisher publisher;
  private final EdgeFeed feed;
  private final SigningKeyService signingKeys;
  private final AtomicInteger port;

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
      EdgePublisher publisher,
      EdgeFeed feed,
      SigningKeyService signingKeys,
      AtomicInteger port) {
    this.config = config;
    this.masterKey = masterKey;
    this.database = database;
    this.tokens = tokens;
    this.publisher = publisher;
    this.feed = feed;
    this.signingKeys = signingKeys;
    this.port = port;
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
                .setMaxHeaderSize(MAX_HEADER_BYTES))
        .requestHandler(router())
        .listen(wanted, config.http().host())
        .onSuccess(server -> port.set(server.actualPort()));
  }

  /** All that is served: what every request passes, then the features. */
  private Router router() {
    ApiDocument document = ApiDocument.load();
    Api api =
        new Api(
            document,
            authorization -> tokens.authenticate(Kind.OPERATOR, authorization),
            database,
            new IdempotencyStore(masterKey, InstantSource.system()),
            feed.fleet());
    Pages pages = new Pages(new Cursors(masterKey));
    DomainService domains =
        new DomainService(
            Hostname.parse(config.baseDomain()),
            config.domains(),
            new JobService(),
            InstantSource.system());
    ApiKeyService apiKeys = new ApiKeyService(publisher);
    CatalogService catalog = new CatalogService(publisher);
    PlanService plans = new PlanService(platformDefaults(document), publisher);
    TenantService tenants = new TenantService(domains, apiKeys, catalog, plans, publisher);

    new TenantRoutes(tenants, pages).bind(api);
    new DomainRoutes(domains, tenants, plans, pages).bind(api);
    new PlanRoutes(plans, pages).bind(api);
    new EffectiveRoutes(plans, tenants).bind(api);
    new BillingRoutes(pages).bind(api);
    new ApiKeyRoutes(apiKeys, tenants, pages).bind(api);
    new ServiceRoutes(catalog, pages).bind(api);
    new RouteRoutes(catalog, pages).bind(api);
    new TokenRoutes(tokens, pages).bind(api);
    feed.gatewayRoutes().bind(api);
    new SigningKeyRoutes(signingKeys).bind(api);

    Router router = Router.router(vertx);
    ProblemHandler.addTo(router);
    router.route().handler(new RequestIds());
    router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    new HealthRoutes(database).mount(router);
    new DocumentRoutes(document).mount(router);
    new JwksRoutes(signingKeys, database).mount(router);
    feed.routes(this::requireGateway).mount(router);
    api.mount(router);
    return router;
  }

  /** What holds where neither a tenant nor its plan says anything. */
  static Map<TenantPart, JsonObject> platformDefaults(ApiDocument document) {
    return Map.of(
        TenantPart.LIMITS, document.defaultsOf("Limits"),
        TenantPart.FEATURES, document.defaultsOf("Features"),
        TenantPart.SETTINGS, document.defaultsOf("Settings"));
  }

  private void requireGateway(RoutingContext context) {
    String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    tokens.authenticate(Kind.GATEWAY, Optional.ofNullable(authorization));
    context.next();
  }
}
