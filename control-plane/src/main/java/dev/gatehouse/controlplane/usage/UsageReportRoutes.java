package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.ReportBody;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /edge/v1/usage}: gateways report what they counted. {@code GET /edge/v1/quotas}: they
 * ask what is left of quotas. On virtual threads.
 */
public final class UsageReportRoutes {
  private final UsageService usage;
  private final Database database;
  private final GatewayAuthentication gatewayAuthentication;

  /**
   * @param gatewayAuthentication lets only gateways pass
   */
  public UsageReportRoutes(
      UsageService usage, Database database, GatewayAuthentication gatewayAuthentication) {
    this.usage = usage;
    this.database = database;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.post(UsageReport.PATH).handler(gatewayAuthentication).handler(this::take);
    router.get(MonthlyUse.PATH).handler(gatewayAuthentication).handler(this::tell);
  }

  private void take(RoutingContext context) {
    UsageReport report =
        ReportBody.read(context, "a report", UsageReport::decode, UsageReport::gateway);
    database.runInTransaction(tx -> usage.record(tx, report));
    context.response().setStatusCode(204).end();
  }

  private void tell(RoutingContext context) {
    MonthlyUse use = database.withConnection(usage::nearQuota);
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(use.encode()));
  }
}
