package dev.gatehouse.gateway.admin;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.explain.ExplainHandler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;

/**
 * Answers operators and probes:
 *
 * <ul>
 *   <li>{@code GET /healthz}: 200 while the process lives
 *   <li>{@code GET /readyz}: 200 once tenants can be served, 503 before; with the revision
 *   <li>{@code GET /metrics}: for Prometheus
 *   <li>{@code GET /.well-known/jwks.json}: the keys that verify the signed context (RFC 7517)
 *   <li>{@code GET /explain?url=…}: what would happen to a request, see {@link ExplainHandler}
 * </ul>
 */
public final class AdminServer {
  private static final String JSON = "application/json";

  private final LiveDirectory directory;
  private final PrometheusMeterRegistry metrics;
  private final ExplainHandler explain;
  private final InstantSource clock;
  private final HttpServer server;

  public AdminServer(
      Vertx vertx,
      LiveDirectory directory,
      PrometheusMeterRegistry metrics,
      ExplainHandler explain,
      InstantSource clock) {
    this.directory = directory;
    this.metrics = metrics;
    this.explain = explain;
    this.clock = clock;
    this.server = vertx.createHttpServer().requestHandler(this::handle);
  }

  /** Begins to listen, until Vert.x is closed; gives the port. */
  public Future<Integer> listen(String host, int port) {
    return server.listen(port, host).map(HttpServer::actualPort);
  }

  private void handle(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD").setStatusCode(405).end();
      return;
    }
    switch (request.path()) {
      case "/healthz" -> answer(request, 200, JSON, "{\"status\":\"up\"}");
      case "/readyz" -> answer(request, directory.isReady() ? 200 : 503, JSON, readiness());
      case "/metrics" ->
          answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
      case ExplainHandler.PATH -> explain.handle(request);
      case TenantContext.JWKS_PATH ->
          answer(
              request,
              200,
              "application/jwk-set+json",
              directory.current().signingKeyRing().jwksAt(clock.instant()));
      case null, default -> answer(request, 404, JSON, "{\"status\":\"not found\"}");
    }
  }

  private String readiness() {
    return JsonObject.of(
            "status", directory.isReady() ? "ready" : "waiting for the first snapshot",
            "revision", directory.revision(),
            "tenants", directory.current().size())
        .encode();
  }

  private static void answer(HttpServerRequest request, int status, String type, String body) {
    request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
  }
}
