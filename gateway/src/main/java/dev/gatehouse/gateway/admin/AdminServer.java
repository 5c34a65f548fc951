package dev.gatehouse.gateway.admin;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.drain.Drain;
import dev.gatehouse.gateway.exfiltration.ExfiltrationGuard;
import dev.gatehouse.gateway.explain.ExplainHandler;
import dev.gatehouse.gateway.observe.tail.TailHandler;
import dev.gatehouse.gateway.security.ProbingGuard;
import dev.gatehouse.gateway.share.ServiceBreakers;
import dev.gatehouse.gateway.tls.CertificateView;
import dev.gatehouse.gateway.tls.ServerTls;
import dev.gatehouse.gateway.upstream.Upstreams;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers operators and probes:
 *
 * <ul>
 *   <li>{@code GET /healthz}: 200 while the process lives
 *   <li>{@code GET /readyz}: 200 once tenants can be served, 503 before and while the gateway
 *       drains; with the revision
 *   <li>{@code GET /metrics}: for Prometheus
 *   <li>{@code GET /.well-known/jwks.json}: the keys that verify the signed context (RFC 7517)
 *   <li>{@code GET /upstreams}: every service with its endpoints and how fit they are
 *   <li>{@code GET /breakers}: the circuit breakers that are in use
 *   <li>{@code GET /blocked}: the sources that are blocked for trying many hosts or credentials;
 *       {@code DELETE /blocked?address=ADDRESS} lets one in again
 *   <li>{@code GET /exfiltration?tenant=ID}: what leaves to a tenant and to those of its callers to
 *       whom most leaves, and how much that is usually; {@code DELETE} of the same learns anew what
 *       is usual, and ends cut-offs
 *   <li>{@code GET /certificates}: those that are shown, and which of them are over first
 *   <li>{@code POST /ticket-keys/rotate}: session tickets that were given so far open nothing any
 *       more
 *   <li>{@code GET /explain?url=…}: what would happen to a request, see {@link ExplainHandler}
 *   <li>{@code GET /tail}: the live access log, see {@link TailHandler}
 *   <li>{@code POST /drain?tenant=ID}: the tenant's clients are asked to go elsewhere, its
 *       WebSockets are closed, and what is under way ends within {@code drain.atMost}
 * </ul>
 */
public final class AdminServer {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final String JSON = "application/json";

  /**
   * All else is refused from a browser, which says with it from where: any page that somebody opens
   * could have it sent to a port of that machine.
   */
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final LiveDirectory directory;
  private final Drain drain;
  private final PrometheusMeterRegistry metrics;
  private final Upstreams upstreams;
  private final ServiceBreakers breakers;
  private final ProbingGuard probing;
  private final ExfiltrationGuard exfiltration;
  private final CertificateView certificates;
  private final Optional<ServerTls> tls;
  private final ExplainHandler explain;
  private final TailHandler tail;
  private final InstantSource clock;
  private final HttpServer server;

  /**
   * @param tls of the listener; empty if there is none
   */
  public AdminServer(
      Vertx vertx,
      LiveDirectory directory,
      Drain drain,
      PrometheusMeterRegistry metrics,
      Upstreams upstreams,
      ServiceBreakers breakers,
      ProbingGuard probing,
      ExfiltrationGuard exfiltration,
      CertificateView certificates,
      Optional<ServerTls> tls,
      ExplainHandler explain,
      TailHandler tail,
      InstantSource clock) {
    this.directory = directory;
    this.drain = drain;
    this.metrics = metrics;
    this.upstreams = upstreams;
    this.breakers = breakers;
    this.probing = probing;
    this.exfiltration = exfiltration;
    this.certificates = certificates;
    this.tls = tls;
    this.explain = explain;
    this.tail = tail;
    this.clock = clock;
    this.server = vertx.createHttpServer().requestHandler(this::handle);
  }

  /** Begins to listen, until Vert.x is closed; gives the port. */
  public Future<Integer> listen(String host, int port) {
    return server.listen(port, host).map(HttpServer::actualPort);
  }

  private void handle(HttpServerRequest request) {
    List<HttpMethod> allowed =
        switch (request.path()) {
          case "/drain", "/ticket-keys/rotate" -> List.of(HttpMethod.POST);
          case "/blocked", "/exfiltration" ->
              List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE);
          case null, default -> List.of(HttpMethod.GET, HttpMethod.HEAD);
        };
    if (!allowed.contains(request.method())) {
      String names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
      request.response().putHeader(HttpHeaders.ALLOW, names).setStatusCode(405).end();
      return;
    }
    if (!READING.contains(request.method()) && request.headers().contains(HttpHeaders.ORIGIN)) {
      answer(request, 403, JSON, "{\"status\":\"not for pages in a browser\"}");
      return;
    }
    switch (request.path()) {
      case "/healthz" -> answer(request, 200, JSON, "{\"status\":\"up\"}");
      case "/readyz" -> answer(request, isReady() ? 200 : 503, JSON, readiness());
      case "/drain" -> ofTenant(request, this::drain);
      case "/blocked" -> {
        if (request.method().equals(HttpMethod.DELETE)) {
          unblock(request);
        } else {
          answer(request, 200, JSON, blocked());
        }
      }
      case "/exfiltration" -> ofTenant(request, this::exfiltration);
      case "/metrics" ->
          answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
      case "/upstreams" -> answer(request, 200, JSON, upstreams.view().encode());
      case "/certificates" -> answer(request, 200, JSON, certificates.toJson().encode());
      case "/ticket-keys/rotate" -> rotateTicketKeys(request);
      case "/breakers" -> answer(request, 200, JSON, breakers.toJson().encode());
      case TailHandler.PATH -> tail.handle(request);
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

  private void ofTenant(HttpServerRequest request, BiConsumer<HttpServerRequest, UUID> then) {
    Optional<UUID> tenant = idOf(String.valueOf(request.getParam("tenant")));
    if (tenant.isEmpty()) {
      answer(request, 400, JSON, "{\"status\":\"tenant must be a tenant's id\"}");
    } else if (directory.current().byId(tenant.get()).isEmpty()) {
      answer(request, 404, JSON, "{\"status\":\"there is no such tenant\"}");
    } else {
      then.accept(request, tenant.get());
    }
  }

  private void drain(HttpServerRequest request, UUID tenant) {
    drain.leave(tenant).onComplete(_ -> answer(request, 202, JSON, "{\"status\":\"draining\"}"));
  }

  private void exfiltration(HttpServerRequest request, UUID tenant) {
    if (request.method().equals(HttpMethod.DELETE)) {
      exfiltration.learnAnew(tenant);
      answer(request, 200, JSON, "{\"status\":\"learning anew\"}");
    } else {
      exfiltration
          .view(tenant)
          .ifPresentOrElse(
              view -> answer(request, 200, JSON, view.encode()),
              () -> answer(request, 404, JSON, "{\"status\":\"nothing has left yet\"}"));
    }
  }

  private void rotateTicketKeys(HttpServerRequest request) {
    if (tls.isEmpty()) {
      answer(request, 404, JSON, "{\"status\":\"there is no https listener\"}");
      return;
    }
    try {
      tls.get().rotateTicketKeys();
      answer(request, 200, JSON, "{\"status\":\"rotated\"}");
    } catch (SSLException e) {
      LOG.warn("the keys of session tickets could not be changed", e);
      answer(request, 500, JSON, "{\"status\":\"the keys are those of before, see the log\"}");
    }
  }

  private String blocked() {
    JsonArray sources = new JsonArray();
    probing
        .blocked()
        .forEach((source, left) ->
            sources.add(JsonObject.of("source", source, "seconds", left.toSeconds() + 1)));
    return JsonObject.of("blocked", sources).encode();
  }

  private void unblock(HttpServerRequest request) {
    Optional<InetAddress> address =
        AddressRange.addressOf(String.valueOf(request.getParam("address")));
    if (address.isEmpty()) {
      answer(request, 400, JSON, "{\"status\":\"address must be an IP address\"}");
    } else if (probing.unblock(address.get())) {
      answer(request, 200, JSON, "{\"status\":\"let in again\"}");
    } else {
      answer(request, 404, JSON, "{\"status\":\"this address is not blocked\"}");
    }
  }

  private static Optional<UUID> idOf(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private boolean isReady() {
    return directory.isReady() && !drain.isDraining();
  }

  private String readiness() {
    String waiting = drain.isDraining() ? "draining" : "waiting for the first snapshot";
    return JsonObject.of(
            "status", isReady() ? "ready" : waiting,
            "revision", directory.revision(),
            "tenants", directory.current().size())
        .encode();
  }

  private static void answer(HttpServerRequest request, int status, String type, String body) {
    request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
  }
}
