package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Csv;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/usage}, {@code /v1/tenants/{tenant}/usage} and {@code …/quotas}. */
public final class UsageRoutes {
  private final UsageService usage;
  private final TenantService tenants;
  private final Database database;
  private final Exports exports;

  public UsageRoutes(
      UsageService usage, TenantService tenants, Database database, Exports exports) {
    this.usage = usage;
    this.tenants = tenants;
    this.database = database;
    this.exports = exports;
  }

  /** Binds the operations on what was used. */
  public void bind(Api api) {
    api
        .perform("getUsage", (request, c) -> get(request, c, Optional.empty()))
        .perform("getTenantUsage", (request, c) -> get(request, c, tenantOf(request, c)))
        .perform(
            "getTenantQuotas",
            (request, c) -> Answer.ok(usage.quotas(c, tenantOf(request, c).orElseThrow())))
        .stream("exportUsage", (request, response) -> export(request, response, Optional.empty()))
        .stream("exportTenantUsage", this::exportOfTenant);
  }

  private Answer get(ApiRequest request, SqlConnection connection, Optional<UUID> tenant) {
    return Answer.ok(usage.document(connection, UsageQuery.of(request, tenant, usage.now())));
  }

  private void exportOfTenant(ApiRequest request, HttpServerResponse response) {
    export(request, response, database.withConnection(c -> tenantOf(request, c)));
  }

  private void export(ApiRequest request, HttpServerResponse response, Optional<UUID> tenant) {
    UsageQuery query = UsageQuery.of(request, tenant, usage.now());
    List<UsageRow> rows = database.withConnection(c -> usage.rows(c, query));
    exports.write(
        tenant.orElse(AuditChain.PLATFORM),
        Csv.MEDIA_TYPE,
        response,
        out -> out.write(UsageCsv.of(query, rows)));
  }

  private Optional<UUID> tenantOf(ApiRequest request, SqlConnection connection) {
    return Optional.of(tenants.find(connection, request.path("tenant")).id());
  }
}
