package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.ReportBody;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;

/** Where gateways tell how fit endpoints are, and operators read it. On virtual threads. */
public final class EndpointRoutes {
  private final EndpointService endpoints;
  private final CatalogService catalog;
  private final Database database;
  private final GatewayAuthentication gatewayAuthentication;

  /**
   * @param gatewayAuthentication lets only gateways pass
   */
  public EndpointRoutes(
      EndpointService endpoints,
      CatalogService catalog,
      Database database,
      GatewayAuthentication gatewayAuthentication) {
    this.endpoints = endpoints;
    this.catalog = catalog;
    this.database = database;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Binds the operation for operators. */
  public void bind(Api api) {
    api.perform("getServiceEndpoints", this::read);
  }

  /** Adds the route for gateways. */
  public void mount(Router router) {
    router.post(EndpointReport.PATH).handler(gatewayAuthentication).handler(this::take);
  }

  private Answer read(ApiRequest request, SqlConnection connection) {
    Service service = catalog.service(connection, request.path("service"));
    return Answer.ok(endpoints.endpointsOf(connection, service.name()));
  }

  private void take(RoutingContext context) {
    EndpointReport report =
        ReportBody.read(context, "a report", EndpointReport::decode, EndpointReport::gateway);
    database.runInTransaction(tx -> endpoints.record(tx, report));
    context.response().setStatusCode(204).end();
  }
}
