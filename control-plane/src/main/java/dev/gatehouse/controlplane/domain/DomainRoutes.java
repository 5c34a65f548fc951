package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.plan.TenantPart;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonObject;
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
        .perform("getDomain", this::get)
        .perform("patchDomain", this::patch)
        .perform("removeDomain", this::remove)
        .perform("verifyDomain", this::verify);
  }

  private Answer add(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    boolean trusted = request.body().getString("verification", "proof").equals("none");
    if (trusted) {
      request.authenticated().require(Permission.DOMAINS_TRUST);
    }
    Domain domain = domains.add(tx, tenant.id(), request.body(), trusted, maxDomains(tx, tenant));
    return Answer.created(
            "/v1/tenants/" + tenant.id() + "/domains/" + domain.name(), shown(tenant, domain))
        .withVersion(domain.version())
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
    DomainFilter filter = new DomainFilter(request.query("state"), request.query("certificate"));
    return pages.answer(
        request,
        (after, count) -> domains.list(connection, tenant.id(), filter, after, count),
        domain -> domain.name().toString(),
        Domain::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    Domain domain = domains.find(connection, tenant.id(), request.path("host"));
    return Answer.ok(shown(tenant, domain)).withVersion(domain.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    Domain domain = domains.find(tx, tenant.id(), request.path("host"));
    request.requireVersion(domain.version());
    Domain changed = domains.change(tx, domain, request.patched(domain.changeable()));
    return Answer.ok(shown(tenant, changed))
        .withVersion(changed.version())
        .atRevision(tenants.publish(tx, tenant))
        .onTenant(tenant.id())
        .replacing(domain.toJson());
  }

  private Answer remove(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    Domain domain = domains.find(tx, tenant.id(), request.path("host"));
    request.requireVersion(domain.version());
    domains.remove(tx, domain);
    return Answer.noContent()
        .atRevision(tenants.publish(tx, tenant))
        .onTenant(tenant.id())
        .replacing(domain.toJson());
  }

  private Answer verify(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    Domain domain = domains.find(tx, tenant.id(), request.path("host"));
    Domain asked = domains.checkNow(tx, domain);
    // A host that was given up is answered for at the edge again.
    return Answer.accepted(shown(tenant, asked))
        .withVersion(asked.version())
        .atRevision(tenants.publish(tx, tenant))
        .onTenant(tenant.id());
  }

  private JsonObject shown(Tenant tenant, Domain domain) {
    return domains.records(tenant.slug()).addTo(domain.toJson(), domain);
  }
}
