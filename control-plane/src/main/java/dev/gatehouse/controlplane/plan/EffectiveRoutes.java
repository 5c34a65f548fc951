package dev.gatehouse.controlplane.plan;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;

/**
 * {@code /v1/tenants/{tenant}/limits}, {@code …/objectives}, {@code …/features} and {@code
 * …/settings}: what holds for a tenant, and why. A change is one of its own values; taking one away
 * lets the plan's hold again.
 */
public final class EffectiveRoutes {
  private final PlanService plans;
  private final TenantService tenants;

  public EffectiveRoutes(PlanService plans, TenantService tenants) {
    this.plans = plans;
    this.tenants = tenants;
  }

  /** Binds the operations on each part. */
  public void bind(Api api) {
    bind(api, "Limits", TenantPart.LIMITS);
    bind(api, "Objectives", TenantPart.OBJECTIVES);
    bind(api, "Features", TenantPart.FEATURES);
    bind(api, "Settings", TenantPart.SETTINGS);
  }

  private void bind(Api api, String name, TenantPart part) {
    api.perform("getTenant" + name, (request, connection) -> get(request, connection, part))
        .perform("patchTenant" + name, (request, tx) -> patch(request, tx, part));
  }

  private Answer get(ApiRequest request, SqlConnection connection, TenantPart part) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return answer(request, connection, tenant, part).withVersion(tenant.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx, TenantPart part) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    request.requireVersion(tenant.version());
    JsonObject own = request.patched(tenant.part(part.wireName()));
    if (part == TenantPart.LIMITS) {
      PlanService.requireRateForBurst(
          plans.effective(tx, tenant.plan(), part, own).values(), ""); // as this body has it
    }
    JsonObject wanted = tenant.changeable().put(part.wireName(), own);
    TenantService.Published changed = tenants.change(tx, tenant, wanted);
    return answer(request, tx, changed.tenant(), part)
        .withVersion(changed.tenant().version())
        .atRevision(changed.revision())
        .onTenant(tenant.id())
        .replacing(tenant.part(part.wireName()));
  }

  private Answer answer(
      ApiRequest request, SqlConnection connection, Tenant tenant, TenantPart part) {
    EffectiveValues effective =
        plans.effective(connection, tenant.plan(), part, tenant.part(part.wireName()));
    if (request.query("explain").filter(text -> !text.equals("false")).isEmpty()) {
      return Answer.ok(effective.values());
    }
    JsonObject explained = new JsonObject().put("items", effective.explained());
    tenant.plan().ifPresent(plan -> explained.put("plan", plan));
    return Answer.ok(explained);
  }
}
