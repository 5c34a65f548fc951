package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.ReportBody;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /edge/v1/events}: gateways report what they refused. On virtual threads. */
public final class GatewayReportRoutes {
  private final GatewayReportService reports;
  private final Database database;
  private final GatewayAuthentication gatewayAuthentication;

  /**
   * @param gatewayAuthentication lets only gateways pass
   */
  public GatewayReportRoutes(
      GatewayReportService reports,
      Database database,
      GatewayAuthentication gatewayAuthentication) {
    this.reports = reports;
    this.database = database;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.post(SecurityReport.PATH).handler(gatewayAuthentication).handler(this::take);
  }

  private void take(RoutingContext context) {
    SecurityReport report =
        ReportBody.read(context, "a report", SecurityReport::decode, SecurityReport::gateway);
    database.runInTransaction(tx -> reports.record(tx, report));
    context.response().setStatusCode(204).end();
  }
}
