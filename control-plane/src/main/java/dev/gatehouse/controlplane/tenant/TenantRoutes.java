package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.Permission;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tenants}. */
public final class TenantRoutes {
  private final TenantService tenants;
  private final Pages pages;

  public TenantRoutes(TenantService tenants, Pages pages) {
    this.tenants = tenants;
    this.pages = pages;
  }

  /** Binds the operations on tenants. */
  public void bind(Api api) {
    api.perform("createTenant", this::create)
        .perform("listTenants", this::list)
        .perform("getTenant", this::get)
        .perform("patchTenant", this::patch)
        .perform("deleteTenant", this::delete)
        .perform("activateTenant", this::activate)
        .perform("suspendTenant", this::suspend)
        .perform("resumeTenant", this::resume);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    TenantService.Published created = tenants.create(tx, request.body());
    Tenant tenant = created.tenant();
    return Answer.created("/v1/tenants/" + tenant.id(), tenant.toJson())
        .withVersion(tenant.version())
        .atRevision(created.revision())
        .onTenant(tenant.id());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    TenantFilter filter =
        new TenantFilter(request.query("status"), request.query("slug"), request.query("q"));
    return pages.answer(
        request,
        (after, count) -> tenants.list(connection, filter, after.map(UUID::fromString), count),
        tenant -> tenant.id().toString(),
        Tenant::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return Answer.ok(tenant.toJson()).withVersion(tenant.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Tenant tenant = lock(request, tx);
    JsonObject wanted = request.patched(tenant.changeable());
    if (!request.authenticated().may(Permission.TENANTS_WRITE)) {
      OwnFields.requireOnly(tenant.changeable(), wanted);
    }
    return changed(tenants.change(tx, tenant, wanted), tenant);
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Tenant tenant = lock(request, tx);
    return Answer.noContent()
        .atRevision(tenants.delete(tx, tenant))
        .onTenant(tenant.id())
        .replacing(tenant.toJson());
  }

  private Answer activate(ApiRequest request, SqlConnection tx) {
    Tenant tenant = lock(request, tx);
    return changed(tenants.activate(tx, tenant), tenant);
  }

  private Answer suspend(ApiRequest request, SqlConnection tx) {
    Optional<String> reason = Optional.ofNullable(request.body().getString("reason"));
    Tenant tenant = lock(request, tx);
    return changed(tenants.suspend(tx, tenant, reason), tenant);
  }

  private Answer resume(ApiRequest request, SqlConnection tx) {
    Tenant tenant = lock(request, tx);
    return changed(tenants.resume(tx, tenant), tenant);
  }

  private Tenant lock(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    request.requireVersion(tenant.version());
    return tenant;
  }

  private static Answer changed(TenantService.Published published, Tenant before) {
    Tenant tenant = published.tenant();
    return Answer.ok(tenant.toJson())
        .withVersion(tenant.version())
        .atRevision(published.revision())
        .onTenant(tenant.id())
        .replacing(before.toJson());
  }
}
