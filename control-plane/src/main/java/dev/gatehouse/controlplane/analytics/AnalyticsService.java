package dev.gatehouse.controlplane.analytics;

import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.usage.TopRoutes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What can be asked of the figures of usage. Blocks: virtual threads only. */
public final class AnalyticsService {
  private static final int MONTHS = 13;
  private static final int QUIET_DAYS = 14;

  private final BudgetStore budgets = new BudgetStore();
  private final GrowthStore growth = new GrowthStore();
  private final CohortStore cohorts = new CohortStore();
  private final ForecastStore forecasts = new ForecastStore();
  private final InstantSource clock;

  public AnalyticsService(InstantSource clock) {
    this.clock = clock;
  }

  List<ErrorBudget> errorBudgets(
      SqlConnection connection, ApiRequest request, Optional<String> after, int count) {
    return budgets.list(connection, request.query("state").orElse("all"), after, count);
  }

  List<JsonObject> errorBudgetsOf(SqlConnection connection, UUID tenant) {
    return budgets.ofTenant(connection, tenant, clock.instant()).stream()
        .map(ErrorBudget::toJson)
        .toList();
  }

  JsonObject growth(SqlConnection connection, ApiRequest request, Optional<UUID> tenant) {
    Instant now = clock.instant();
    GrowthQuery query = GrowthQuery.of(request, now);
    List<JsonObject> items =
        tenant
            .map(id -> growth.ofTenant(connection, id, query, now))
            .orElseGet(() -> growth.platform(connection, query, now));
    return new JsonObject().put("step", query.step().wireName()).put("items", new JsonArray(items));
  }

  JsonObject retention(SqlConnection connection, ApiRequest request) {
    int months = request.query("months").map(Integer::parseInt).orElse(MONTHS);
    return new JsonObject()
        .put("months", months)
        .put("items", new JsonArray(cohorts.cohorts(connection, months, clock.instant())));
  }

  List<JsonObject> quietTenants(
      SqlConnection connection, ApiRequest request, Optional<String> after, int count) {
    int days = request.query("days").map(Integer::parseInt).orElse(QUIET_DAYS);
    return cohorts.quiet(connection, days, after, count, clock.instant());
  }

  List<ForecastStore.Listed> quotaForecasts(
      SqlConnection connection, Optional<String> after, int count) {
    return forecasts.list(connection, after, count);
  }

  JsonObject topRoutes(SqlConnection connection, ApiRequest request, Optional<UUID> tenant) {
    return TopRoutes.of(connection, request, tenant, clock.instant());
  }

  /** Forgets what was found out of a tenant; part of its erasure. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    budgets.erase(tx, tenant);
    forecasts.erase(tx, tenant);
    return true;
  }
}
