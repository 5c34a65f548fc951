package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.domain.DomainService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Optional;

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
        .perform("activateTenant", (request, tx) -> move(request, tx, Transition.ACTIVATE))
        .perform("suspendTenant", (request, tx) -> move(request, tx, Transition.SUSPEND))
        .perform("resumeTenant", (request, tx) -> move(request, tx, Transition.RESUME))
        .perform("archiveTenant", (request, tx) -> move(request, tx, Transition.ARCHIVE))
        .perform("restoreTenant", (request, tx) -> move(request, tx, Transition.RESTORE))
        .perform("listTransitions", this::history);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    TenantService.Published created = tenants.create(tx, request.body(), actor(request));
    Tenant tenant = created.tenant();
    return Answer.created("/v1/tenants/" + tenant.id(), tenant.toJson())
        .withVersion(tenant.version())
        .atRevision(created.revision())
        .onTenant(tenant.id());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    TenantFilter filter =
        new TenantFilter(
            request.query("status"),
            request.query("slug"),
            request.query("q"),
            request.query("domain").map(host -> DomainService.normalForm("domain", host)),
            request.query("plan"),
            request.query("health"),
            request.query("createdFrom").map(Instant::parse),
            request.query("createdTo").map(Instant::parse));
    TenantSort sort = TenantSort.fromWireName(request.query("sort").orElse("createdAt"));
    return pages.answer(
        request,
        (after, count) -> tenants.list(connection, filter, sort, after, count),
        sort::keyOf,
        Tenant::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return Answer.ok(tenant.toJson()).withVersion(tenant.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    request.requireVersion(tenant.version());
    JsonObject wanted = request.patched(tenant.changeable());
    if (!request.authenticated().may(Permission.TENANTS_WRITE)) {
      OwnFields.requireOnly(tenant.changeable(), wanted);
    }
    return changed(tenants.change(tx, tenant, wanted), tenant);
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Tenant tenant = lock(request, tx);
    return Answer.noContent()
        .atRevision(
            tenants
                .move(tx, tenant, Transition.DELETE, request.query("reason"), actor(request))
                .revision())
        .onTenant(tenant.id())
        .replacing(tenant.toJson());
  }

  private Answer move(ApiRequest request, SqlConnection tx, Transition transition) {
    Optional<String> reason = Optional.ofNullable(request.body().getString("reason"));
    Tenant tenant = lock(request, tx);
    return changed(tenants.move(tx, tenant, transition, reason, actor(request)), tenant);
  }

  private Answer history(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) ->
            tenants.history(connection, tenant.id(), after.map(Long::parseLong).orElse(0L), count),
        past -> Long.toString(past.id()),
        PastTransition::toJson);
  }

  private Tenant lock(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lockInAnyStatus(tx, request.path("tenant"));
    request.requireVersion(tenant.version());
    return tenant;
  }

  private static String actor(ApiRequest request) {
    return request.authenticated().name();
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
