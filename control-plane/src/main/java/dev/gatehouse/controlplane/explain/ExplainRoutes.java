package dev.gatehouse.controlplane.explain;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.feed.GatewayQuestions;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /v1/tenants/{tenant}/explain}: asks a gateway. On virtual threads. */
public final class ExplainRoutes {
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  private final GatewayQuestions gateways;
  private final ExplainLimits limits;
  private final TenantService tenants;
  private final Database database;
  private final String baseDomain;

  /**
   * @param baseDomain under which tenants have their subdomains
   */
  public ExplainRoutes(
      GatewayQuestions gateways,
      ExplainLimits limits,
      TenantService tenants,
      Database database,
      String baseDomain) {
    this.gateways = gateways;
    this.limits = limits;
    this.tenants = tenants;
    this.database = database;
    this.baseDomain = baseDomain;
  }

  /** Binds the operation. */
  public void bind(Api api) {
    api.ask("explainRequest", this::explain);
  }

  private Answer explain(ApiRequest request) {
    Caller caller = request.authenticated();
    Tenant tenant =
        database.withConnection(connection -> tenants.find(connection, request.path("tenant")));
    JsonObject body = request.body();
    Optional<String> gateway = Optional.ofNullable(body.getString("gateway"));
    if (gateway.isPresent()) {
      caller.require(Permission.GATEWAYS_READ);
    }
    limits.take(caller, tenant.id());
    String method = body.getString("method", "GET");
    String host = body.getString("host", tenant.slug().value() + "." + baseDomain);
    String url = body.getString("scheme", "https") + "://" + host + body.getString("path", "/");
    ExplainAnswer answer =
        gateways.ask(gateway, id -> question(id, tenant, url, method, body), AT_MOST);
    JsonObject told = new JsonObject(explanationIn(answer)).put("request", method + " " + url);
    if (!caller.may(Permission.SERVICES_READ)) {
      told = WithoutPlatform.of(told);
    }
    if (caller.may(Permission.GATEWAYS_READ)) {
      told.put("gateway", answer.gateway());
    }
    return Answer.ok(told);
  }

  private static ExplainQuestion question(
      UUID id, Tenant tenant, String url, String method, JsonObject body) {
    List<String> headers =
        body.getJsonArray("headers", new JsonArray()).stream().map(String::valueOf).toList();
    try {
      return new ExplainQuestion(
          id, tenant.id(), url, method, headers, Optional.ofNullable(body.getString("client")));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> explanationIn(ExplainAnswer answer) {
    if (answer.wrong().isPresent()) {
      throw wrong(answer.wrong().get());
    }
    return answer
        .explanation()
        .orElseThrow(() ->
            new ProblemException(
                Problem.GATEWAY_CANNOT_TELL,
                "asked, the gateway "
                    + answer.gateway()
                    + " says that "
                    + answer.failure().orElse("")));
  }

  /** What the gateway finds wrong is said at the member that it comes from. */
  private static ProblemException wrong(String why) {
    String member =
        why.contains("header") ? "/headers" : why.startsWith("client") ? "/client" : "/host";
    String fault = why.startsWith("client ") ? why.substring("client ".length()) : why;
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(member, fault)));
  }
}
