package dev.gatehouse.controlplane.access;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;

/** {@code /v1/tenants/{tenant}/api-keys}. */
public final class ApiKeyRoutes {
  private final ApiKeyService apiKeys;
  private final TenantService tenants;
  private final Pages pages;

  public ApiKeyRoutes(ApiKeyService apiKeys, TenantService tenants, Pages pages) {
    this.apiKeys = apiKeys;
    this.tenants = tenants;
    this.pages = pages;
  }

  /** Binds the operations on API keys. */
  public void bind(Api api) {
    api.perform("createApiKey", this::create)
        .perform("listApiKeys", this::list)
        .perform("getApiKey", this::get)
        .perform("rotateApiKey", this::rotate)
        .perform("revokeApiKey", this::revoke);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    return created(tenant, apiKeys.issue(tx, tenant.id(), request.body()));
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return Answer.ok(apiKeys.find(connection, tenant.id(), request.path("apiKey")).toJson());
  }

  private Answer rotate(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    return created(tenant, apiKeys.rotate(tx, tenant.id(), request.path("apiKey"), request.body()));
  }

  private static Answer created(Tenant tenant, ApiKeyService.Issued issued) {
    return Answer.created(
            "/v1/tenants/" + tenant.id() + "/api-keys/" + issued.key().edge().id(), issued.toJson())
        .atRevision(issued.revision())
        .onTenant(tenant.id());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) -> apiKeys.list(connection, tenant.id(), after, count),
        key -> key.edge().id(),
        ApiKey::toJson);
  }

  private Answer revoke(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    return Answer.noContent()
        .atRevision(apiKeys.revoke(tx, tenant.id(), request.path("apiKey")))
        .onTenant(tenant.id());
  }
}
