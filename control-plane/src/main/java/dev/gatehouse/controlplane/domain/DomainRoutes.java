package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.plan.TenantPart;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;

/** {@code /v1/tenants/{tenant}/domains}. */
public final class DomainRoutes {
  private final DomainService domains;
  private final TenantService tenants;
  private final PlanService plans;
  private final Pages pages;

  public DomainRoutes(
      DomainService domains, TenantService tenants, PlanService plans, Pages pages) {
    this.domains = domains;
    this.tenants = tenants;
    this.plans = plans;
    this.pages = pages;
  }

  /** Binds the operations on domains. */
  public void bind(Api api) {
    api.perform("addDomain", this::add)
        .perform("listDomains", this::list)
        .perform("removeDomain", this::remove);
  }

  private Answer add(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    String host = request.body().getString("host");
    Domain domain = domains.add(tx, tenant.id(), host, maxDomains(tx, tenant));
    return Answer.created(
            "/v1/tenants/" + tenant.id() + "/domains/" + domain.host(), domain.toJson())
        .atRevision(tenants.publish(tx, tenant))
        .onTenant(tenant.id());
  }

  /** Those that it has stay when this becomes less. */
  private int maxDomains(SqlConnection tx, Tenant tenant) {
    return plans
        .effective(tx, tenant.plan(), TenantPart.LIMITS, tenant.part("limits"))
        .values()
        .getInteger("customDomains");
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) -> domains.list(connection, tenant.id(), after, count),
        domain -> domain.host().value(),
        Domain::toJson);
  }

  private Answer remove(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    domains.remove(tx, tenant.id(), request.path("host"));
    return Answer.noContent().atRevision(tenants.publish(tx, tenant)).onTenant(tenant.id());
  }
}
