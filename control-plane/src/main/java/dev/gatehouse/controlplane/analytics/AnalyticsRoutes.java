package dev.gatehouse.controlplane.analytics;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Csv;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/** {@code /v1/analytics} and {@code /v1/tenants/{tenant}/analytics}. */
public final class AnalyticsRoutes {
  /** Rows that an export reads at once. */
  private static final int BATCH = 500;

  private final AnalyticsService analytics;
  private final TenantService tenants;
  private final Database database;
  private final Exports exports;
  private final Pages pages;

  public AnalyticsRoutes(
      AnalyticsService analytics,
      TenantService tenants,
      Database database,
      Exports exports,
      Pages pages) {
    this.analytics = analytics;
    this.tenants = tenants;
    this.database = database;
    this.exports = exports;
    this.pages = pages;
  }

  /** Binds the operations. */
  public void bind(Api api) {
    api
        .perform("listErrorBudgets", this::errorBudgets)
        .perform("getGrowth", (r, c) -> Answer.ok(analytics.growth(c, r, Optional.empty())))
        .perform("getRetention", (r, c) -> Answer.ok(analytics.retention(c, r)))
        .perform("listQuietTenants", this::quietTenants)
        .perform("listQuotaForecasts", this::quotaForecasts)
        .perform("getTopRoutes", (r, c) -> Answer.ok(analytics.topRoutes(c, r, Optional.empty())))
        .perform("getTenantErrorBudgets", this::errorBudgetsOfTenant)
        .perform("getTenantGrowth", (r, c) -> Answer.ok(analytics.growth(c, r, tenantOf(r, c))))
        .perform(
            "getTenantTopRoutes", (r, c) -> Answer.ok(analytics.topRoutes(c, r, tenantOf(r, c))))
        .stream("exportAnalytics", (request, response) -> export(request, response))
        .stream("exportTenantAnalytics", (request, response) -> exportOfTenant(request, response));
  }

  private Answer errorBudgets(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> analytics.errorBudgets(connection, request, after, count),
        ErrorBudget::key,
        ErrorBudget::toJson);
  }

  private Answer quietTenants(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> analytics.quietTenants(connection, request, after, count),
        CohortStore::key,
        Function.identity());
  }

  private Answer quotaForecasts(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> analytics.quotaForecasts(connection, after, count),
        ForecastStore.Listed::key,
        ForecastStore.Listed::document);
  }

  private Answer errorBudgetsOfTenant(ApiRequest request, SqlConnection connection) {
    UUID tenant = tenantOf(request, connection).orElseThrow();
    JsonArray items = new JsonArray(analytics.errorBudgetsOf(connection, tenant));
    return Answer.ok(JsonObject.of("items", items));
  }

  private void export(ApiRequest request, HttpServerResponse response) {
    ReportCsv report = ReportCsv.ofPlatform(request);
    exports.write(
        AuditChain.PLATFORM,
        Csv.MEDIA_TYPE,
        response,
        out -> {
          switch (report.name()) {
            case "error-budgets" ->
                writeAll(
                    report,
                    out,
                    (c, after) -> analytics.errorBudgets(c, request, after, BATCH),
                    ErrorBudget::key,
                    ErrorBudget::toJson);
            case "quiet-tenants" ->
                writeAll(
                    report,
                    out,
                    (c, after) -> analytics.quietTenants(c, request, after, BATCH),
                    CohortStore::key,
                    Function.identity());
            case "quota-forecasts" ->
                writeAll(
                    report,
                    out,
                    (c, after) -> analytics.quotaForecasts(c, after, BATCH),
                    ForecastStore.Listed::key,
                    ForecastStore.Listed::document);
            case "retention" -> write(report, out, c -> analytics.retention(c, request));
            case "growth" ->
                write(report, out, c -> analytics.growth(c, request, Optional.empty()));
            default -> write(report, out, c -> analytics.topRoutes(c, request, Optional.empty()));
          }
        });
  }

  private void exportOfTenant(ApiRequest request, HttpServerResponse response) {
    ReportCsv report = ReportCsv.ofTenant(request);
    UUID tenant = database.withConnection(c -> tenantOf(request, c)).orElseThrow();
    exports.write(
        tenant,
        Csv.MEDIA_TYPE,
        response,
        out ->
            write(
                report,
                out,
                c ->
                    switch (report.name()) {
                      case "error-budgets" ->
                          JsonObject.of(
                              "items", new JsonArray(analytics.errorBudgetsOf(c, tenant)));
                      case "growth" -> analytics.growth(c, request, Optional.of(tenant));
                      default -> analytics.topRoutes(c, request, Optional.of(tenant));
                    }));
  }

  private void write(
      ReportCsv report, Exports.Out out, Function<SqlConnection, JsonObject> document) {
    List<JsonObject> rows =
        database.withConnection(document).getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .toList();
    out.write(report.rows(rows));
  }

  /** Holds no connection of the database while it waits for the reader. */
  private <T> void writeAll(
      ReportCsv report,
      Exports.Out out,
      BiFunction<SqlConnection, Optional<String>, List<T>> batches,
      Function<T, String> key,
      Function<T, JsonObject> document) {
    Optional<String> after = Optional.empty();
    List<T> batch;
    do {
      Optional<String> behind = after;
      batch = database.withConnection(c -> batches.apply(c, behind));
      out.write(report.rows(batch.stream().map(document).toList()));
      after = batch.isEmpty() ? after : Optional.of(key.apply(batch.getLast()));
    } while (batch.size() == BATCH);
  }

  private Optional<UUID> tenantOf(ApiRequest request, SqlConnection connection) {
    return Optional.of(tenants.find(connection, request.path("tenant")).id());
  }
}
