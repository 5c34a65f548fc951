package dev.gatehouse.controlplane.key;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The keys that verify contexts and messages, for everybody. On virtual threads. */
public final class JwksRoutes {
  /** Shorter than a key is published ahead, so that no cache misses the next one. */
  private static final String CACHE = "public, max-age=60";

  private final SigningKeyService service;
  private final Database database;

  /** Routes over this service. */
  public JwksRoutes(SigningKeyService service, Database database) {
    this.service = service;
    this.database = database;
  }

  /** Adds {@code GET /.well-known/jwks.json}. */
  public void mount(Router router) {
    router.get(TenantContext.JWKS_PATH).handler(this::jwks);
  }

  private void jwks(RoutingContext ctx) {
    String document = database.withConnection(service::jwks);
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/jwk-set+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, CACHE)
        .end(document);
  }
}
