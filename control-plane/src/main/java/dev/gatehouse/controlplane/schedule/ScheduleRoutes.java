package dev.gatehouse.controlplane.schedule;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** {@code /v1/tenants/{tenant}/schedule}. */
public final class ScheduleRoutes {
  private final ScheduleService schedules;
  private final TenantService tenants;

  public ScheduleRoutes(ScheduleService schedules, TenantService tenants) {
    this.schedules = schedules;
    this.tenants = tenants;
  }

  /** Binds the operations on schedules. */
  public void bind(Api api) {
    api.perform("listSchedule", this::list)
        .perform("putSchedule", this::put)
        .perform("cancelSchedule", this::cancel);
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    JsonArray items = new JsonArray();
    schedules.list(connection, tenant.id()).forEach(entry -> items.add(entry.toJson()));
    return Answer.ok(new JsonObject().put("items", items));
  }

  private Answer put(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lockInAnyStatus(tx, request.path("tenant"));
    ScheduleEntry entry =
        schedules.put(
            tx,
            tenant.id(),
            action(request),
            request.body().getString("at"),
            Optional.ofNullable(request.body().getString("reason")));
    return Answer.ok(entry.toJson());
  }

  private Answer cancel(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lockInAnyStatus(tx, request.path("tenant"));
    ScheduledAction action = action(request);
    if (!schedules.cancel(tx, tenant.id(), action)) {
      throw new ProblemException(
          Problem.SCHEDULE_NOT_FOUND, "the tenant has no schedule for " + action.wireName());
    }
    return Answer.noContent();
  }

  private static ScheduledAction action(ApiRequest request) {
    return ScheduledAction.fromWireName(request.path("action"));
  }
}
