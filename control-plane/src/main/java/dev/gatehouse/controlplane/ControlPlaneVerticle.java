package dev.gatehouse.controlplane;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.access.ApiKeyRoutes;
import dev.gatehouse.controlplane.access.ApiKeyService;
import dev.gatehouse.controlplane.access.FirstTokens;
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
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.domain.DomainRoutes;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.service.CatalogService;
import dev.gatehouse.controlplane.service.RouteRoutes;
import dev.gatehouse.controlplane.service.ServiceRoutes;
import dev.gatehouse.controlplane.tenant.TenantRoutes;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Everything that the control plane serves, put together. Runs on virtual threads. */
final class ControlPlaneVerticle extends VerticleBase {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int IDLE_SECONDS = 75;

  private final ControlPlaneConfig config;
  private final EdgePublisher publisher;
  private final GatewayFleet fleet;
  private volatile int port;
  private volatile Optional<FirstTokens> firstTokens = Optional.empty();

  ControlPlaneVerticle(ControlPlaneConfig config, EdgePublisher publisher, GatewayFleet fleet) {
    this.config = config;
    this.publisher = publisher;
    this.fleet = fleet;
  }

  @Override
  public Future<?> start() {
    DatabaseUrl url = DatabaseUrl.parse(config.database().url());
    Database database = Database.open(vertx, url, config.database().poolSize());
    TokenService tokens = new TokenService(database);
    firstTokens =
        tokens.bootstrap(
            config.bootstrap().flatMap(ControlPlaneConfig.Bootstrap::operator),
            config.bootstrap().flatMap(ControlPlaneConfig.Bootstrap::gateway));
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setIdleTimeout(IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS))
            .requestHandler(router(database, tokens))
            .listen(config.http().port(), config.http().host())
            .await();
    port = server.actualPort();
    return Future.succeededFuture();
  }

  /** All that is served: what every request passes, then the features. */
  private Router router(Database database, TokenService tokens) {
    MasterKey masterKey = MasterKey.parse(config.masterKey());
    ApiDocument document = ApiDocument.load();
    Api api =
        new Api(
            document,
            authorization -> tokens.authenticate(SecretToken.Kind.OPERATOR, authorization),
            database,
            new IdempotencyStore(masterKey),
            fleet);
    Pages pages = new Pages(new Cursors(masterKey));

    DomainService domains = new DomainService(Hostname.parse(config.baseDomain()));
    ApiKeyService apiKeys = new ApiKeyService(publisher);
    TenantService tenants = new TenantService(domains, apiKeys, publisher);
    CatalogService catalog = new CatalogService(publisher);

    new TenantRoutes(tenants, pages).bind(api);
    new DomainRoutes(domains, tenants, pages).bind(api);
    new ApiKeyRoutes(apiKeys, tenants, pages).bind(api);
    new ServiceRoutes(catalog, pages).bind(api);
    new RouteRoutes(catalog, pages).bind(api);
    new TokenRoutes(tokens, pages).bind(api);

    Router router = Router.router(vertx);
    ProblemHandler.addTo(router);
    router.route().handler(new RequestIds());
    new HealthRoutes(database).mount(router);
    new DocumentRoutes(document).mount(router);
    router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    api.mount(router);
    return router;
  }

  /** Known once it has started. */
  int port() {
    return port;
  }

  /** The tokens that this start has made. */
  Optional<FirstTokens> firstTokens() {
    return firstTokens;
  }
}
