package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Arrays;

/** {@code /v1/tenants/{tenant}/roles}. */
public final class RoleRoutes {
  private final RoleService roles = new RoleService();
  private final TenantService tenants;

  public RoleRoutes(TenantService tenants) {
    this.tenants = tenants;
  }

  /** Binds the operations on roles. */
  public void bind(Api api) {
    api.perform("createRole", this::create)
        .perform("listRoles", this::list)
        .perform("getRole", this::get)
        .perform("patchRole", this::patch)
        .perform("deleteRole", this::delete);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    CustomRole role = roles.create(tx, request.authenticated(), tenant.id(), request.body());
    return Answer.created("/v1/tenants/" + tenant.id() + "/roles/" + role.name(), role.toJson())
        .withVersion(role.version());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    JsonArray items = new JsonArray();
    Arrays.stream(BuiltInRole.values()).map(CustomRole::toJson).forEach(items::add);
    roles.list(connection, tenant.id()).stream().map(CustomRole::toJson).forEach(items::add);
    return Answer.ok(new JsonObject().put("items", items));
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return BuiltInRole.of(request.path("role"))
        .map(role -> Answer.ok(CustomRole.toJson(role)))
        .orElseGet(() -> shown(roles.find(connection, tenant.id(), request.path("role"))));
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    CustomRole role = roleIn(request, tx, tenant);
    return shown(
        roles.change(
            tx, request.authenticated(), tenant.id(), role, request.patched(role.changeable())));
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    roles.delete(tx, request.authenticated(), tenant.id(), roleIn(request, tx, tenant));
    return Answer.noContent();
  }

  private CustomRole roleIn(ApiRequest request, SqlConnection tx, Tenant tenant) {
    CustomRole role = roles.find(tx, tenant.id(), request.path("role"));
    request.requireVersion(role.version());
    return role;
  }

  private static Answer shown(CustomRole role) {
    return Answer.ok(role.toJson()).withVersion(role.version());
  }
}
