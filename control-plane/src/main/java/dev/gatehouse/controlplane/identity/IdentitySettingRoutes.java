package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** {@code /v1/tenants/{tenant}/introspection} and {@code …/forward-auth}. */
public final class IdentitySettingRoutes {
  private final IdentitySettingService settings;
  private final TenantService tenants;

  public IdentitySettingRoutes(IdentitySettingService settings, TenantService tenants) {
    this.settings = settings;
    this.tenants = tenants;
  }

  /** Binds the operations on both. */
  public void bind(Api api) {
    SettingKind introspection = SettingKind.INTROSPECTION;
    SettingKind forwardAuth = SettingKind.FORWARD_AUTH;
    api.perform(
            "getIntrospection", (request, connection) -> get(request, connection, introspection))
        .perform("putIntrospection", (request, tx) -> put(request, tx, introspection))
        .perform("updateIntrospection", (request, tx) -> update(request, tx, introspection))
        .perform("deleteIntrospection", (request, tx) -> delete(request, tx, introspection))
        .perform("getForwardAuth", (request, connection) -> get(request, connection, forwardAuth))
        .perform("putForwardAuth", (request, tx) -> put(request, tx, forwardAuth))
        .perform("updateForwardAuth", (request, tx) -> update(request, tx, forwardAuth))
        .perform("deleteForwardAuth", (request, tx) -> delete(request, tx, forwardAuth));
  }

  private Answer get(ApiRequest request, SqlConnection connection, SettingKind kind) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    IdentitySetting setting = settings.find(connection, tenant.id(), kind);
    return Answer.ok(setting.toJson()).withVersion(setting.version());
  }

  private Answer put(ApiRequest request, SqlConnection tx, SettingKind kind) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    Optional<IdentitySetting> before = settings.lookUp(tx, tenant.id(), kind);
    before.ifPresentOrElse(
        setting -> request.requireVersion(setting.version()), () -> requireNoVersion(request));
    IdentitySettingService.Published written = settings.put(tx, tenant.id(), kind, request.body());
    String location = "/v1/tenants/" + tenant.id() + "/" + kind.wireName();
    return before
        .map(setting -> answer(written).replacing(setting.toJson()))
        .orElseGet(() -> of(Answer.created(location, written.setting().toJson()), written));
  }

  /** A version that is meant cannot be the one of what is not there. */
  private static void requireNoVersion(ApiRequest request) {
    if (request.ifMatch().isPresent()) {
      throw new ProblemException(
          Problem.VERSION_STALE,
          "If-Match is " + request.ifMatch().get() + ", and there is nothing: it was deleted");
    }
  }

  private Answer update(ApiRequest request, SqlConnection tx, SettingKind kind) {
    IdentitySetting setting = lock(request, tx, kind);
    return answer(
            settings.change(tx, setting, request.body(), request.patched(setting.changeable())))
        .replacing(setting.toJson());
  }

  private Answer delete(ApiRequest request, SqlConnection tx, SettingKind kind) {
    IdentitySetting setting = lock(request, tx, kind);
    return Answer.noContent()
        .atRevision(settings.delete(tx, setting))
        .onTenant(setting.tenantId())
        .replacing(setting.toJson());
  }

  private static Answer answer(IdentitySettingService.Published written) {
    return of(Answer.ok(written.setting().toJson()), written);
  }

  private static Answer of(Answer answer, IdentitySettingService.Published written) {
    return answer
        .withVersion(written.setting().version())
        .atRevision(written.revision())
        .onTenant(written.setting().tenantId());
  }

  /** With the tenant locked, nobody else changes what it has. */
  private IdentitySetting lock(ApiRequest request, SqlConnection tx, SettingKind kind) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    IdentitySetting setting = settings.find(tx, tenant.id(), kind);
    request.requireVersion(setting.version());
    return setting;
  }
}
