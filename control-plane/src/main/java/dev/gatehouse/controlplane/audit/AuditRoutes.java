package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** {@code /v1/audit} and {@code /v1/tenants/{tenant}/audit}. */
public final class AuditRoutes {
  private final AuditService audit;
  private final CheckpointService checkpoints;
  private final AuditExport export;
  private final TenantService tenants;
  private final Database database;
  private final Pages pages;

  public AuditRoutes(
      AuditService audit,
      CheckpointService checkpoints,
      AuditExport export,
      TenantService tenants,
      Database database,
      Pages pages) {
    this.audit = audit;
    this.checkpoints = checkpoints;
    this.export = export;
    this.tenants = tenants;
    this.database = database;
    this.pages = pages;
  }

  /** Binds the operations on the audit trail. */
  public void bind(Api api) {
    api
        .perform("listAudit", (request, c) -> list(request, c, platformOr(request)))
        .perform("listAuditChains", this::listChains)
        .perform("listTenantAudit", (request, c) -> list(request, c, tenantOf(request, c)))
        .stream(
            "exportAudit", (request, response) -> export(request, platformOr(request), response))
        .stream("exportTenantAudit", this::exportTenant)
        .perform("listAuditKeys", (_, connection) -> Answer.ok(keys(checkpoints.keys(connection))))
        .perform("rotateAuditKeys", (_, tx) -> Answer.ok(keys(checkpoints.rotate(tx))))
        .perform("listCheckpoints", this::listCheckpoints)
        .perform("createCheckpoint", (_, tx) -> Answer.ok(checkpoints.make(tx).toJson()));
  }

  private Answer list(ApiRequest request, SqlConnection connection, UUID chain) {
    AuditFilter filter =
        new AuditFilter(
            request.query("from").map(Instant::parse),
            request.query("to").map(Instant::parse),
            request.query("action"),
            request.query("actor"),
            request.query("resource"));
    return pages.answer(
        request,
        (before, count) -> audit.list(connection, chain, filter, before, count),
        entry -> Long.toString(entry.sequence()),
        AuditEntry::toJson);
  }

  private Answer listChains(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> audit.chains(connection, after, count),
        end -> end.chain().toString(),
        ChainEnd::toJson);
  }

  private void exportTenant(ApiRequest request, HttpServerResponse response) {
    UUID chain = database.withConnection(connection -> tenantOf(request, connection));
    export(request, chain, response);
  }

  private void export(ApiRequest request, UUID chain, HttpServerResponse response) {
    export.write(chain, request.query("from").map(Long::parseLong).orElse(1L), response);
  }

  private Answer listCheckpoints(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (before, count) -> checkpoints.list(connection, before, count),
        checkpoint -> Long.toString(checkpoint.checkpoint().sequence()),
        StoredCheckpoint::toJson);
  }

  private UUID tenantOf(ApiRequest request, SqlConnection connection) {
    return tenants.find(connection, request.path("tenant")).id();
  }

  /** Also the chain of a tenant that is deleted, which has no path any more. */
  private static UUID platformOr(ApiRequest request) {
    return request.query("tenant").map(UUID::fromString).orElse(AuditChain.PLATFORM);
  }

  private static JsonObject keys(List<CheckpointKey> keys) {
    return JsonObject.of("items", new JsonArray(keys.stream().map(CheckpointKey::toJson).toList()));
  }
}
