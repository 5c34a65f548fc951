package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /console/tenants}: all of them, and everything of one. */
final class TenantPages {
  private static final String SECTION = "tenants";
  private static final String ALL = "200";

  Map<String, View.Maker> all() {
    return Map.ofEntries(
        Map.entry("", this::list),
        Map.entry("/:tenant", this::overview),
        Map.entry("/:tenant/domains", this::domains),
        Map.entry("/:tenant/domains/:host", this::domain),
        Map.entry("/:tenant/members", this::members),
        Map.entry("/:tenant/usage", this::usage),
        Map.entry("/:tenant/health", this::health),
        Map.entry("/:tenant/explain", Explaining::form),
        Map.entry("/:tenant/keys", this::keys),
        Map.entry("/:tenant/identity", this::identity),
        Map.entry("/:tenant/limits", this::limits),
        Map.entry("/:tenant/data", this::data),
        Map.entry("/:tenant/audit", this::audit));
  }

  private View list(Visit visit) {
    if (!visit.rights().contains("tenants:read")) {
      return memberships(visit);
    }
    View view = View.of("tenants", "Tenants", SECTION);
    Map<String, String> query = new HashMap<>();
    for (String name : List.of("q", "status", "plan", "health", "cursor")) {
      visit.query(name).ifPresent(value -> query.put(name, value.strip()));
    }
    query.put("sort", visit.query("sort").orElse("-createdAt"));
    view = view.with("filter", query);
    try {
      Map<String, Object> tenants = visit.read("listTenants", Map.of(), query);
      view = view.with("tenants", tenants).with("health", HealthFigures.states(visit, tenants));
    } catch (ProblemException problem) {
      view =
          view.with("tenants", Map.of("items", List.of()))
              .with("problem", Visit.plain(problem.toJson()));
    }
    return view.with("plans", visit.peek("listPlans", Map.of(), Map.of("limit", ALL)));
  }

  /** What somebody sees who belongs to tenants, and not to the platform. */
  static View memberships(Visit visit) {
    return View.of("tenants", "Your tenants", SECTION).with("memberships", visit.memberships());
  }

  private View overview(Visit visit) {
    View view = one(visit, "overview");
    return with(
            view,
            visit,
            Map.of(
                "provisioning", "getProvisioning",
                "schedule", "listSchedule",
                "placement", "getPlacement",
                "limits", "getTenantLimits"))
        .with("history", visit.peek("listTransitions", path(visit), Map.of("limit", "20")))
        .with("domains", visit.peek("listDomains", path(visit), Map.of("limit", ALL)))
        .with("members", visit.peek("listMembers", path(visit), Map.of("limit", ALL)));
  }

  private View domains(Visit visit) {
    return with(
        one(visit, "domains"),
        visit,
        Map.of("domains", "listDomains", "certificates", "listCertificates"));
  }

  private View domain(Visit visit) {
    Map<String, String> path = Map.of("tenant", visit.path("tenant"), "host", visit.path("host"));
    return one(visit, "domain")
        .with("tab", "domains")
        .with("domain", visit.read("getDomain", path));
  }

  private View members(Visit visit) {
    return with(
        one(visit, "members"),
        visit,
        Map.of("members", "listMembers", "roles", "listRoles", "invitations", "listInvitations"));
  }

  private View usage(Visit visit) {
    return one(visit, "usage")
        .with("usage", UsageFigures.of(visit, "getTenantUsage", path(visit)))
        .with("quotas", visit.peek("getTenantQuotas", path(visit), Map.of()))
        .with(
            "routes",
            visit.peek(
                "getTenantUsage",
                path(visit),
                Map.of("step", "total", "groupBy", "route", "rows", "10")));
  }

  private View health(Visit visit) {
    View page = one(visit, "health");
    @Nullable Object score =
        page.model().get("health") instanceof Map<?, ?> health ? health.get("score") : null;
    return page.with("plot", HealthFigures.plot(visit, path(visit), score));
  }

  private View keys(Visit visit) {
    return with(one(visit, "keys"), visit, Map.of("keys", "listApiKeys"));
  }

  private View identity(Visit visit) {
    return with(
        one(visit, "identity"),
        visit,
        Map.of(
            "providers", "listIdentityProviders",
            "authorities", "listClientAuthorities",
            "introspection", "getIntrospection",
            "forwardAuth", "getForwardAuth"));
  }

  private View limits(Visit visit) {
    View view = one(visit, "limits");
    return view.with(
            "limits", visit.peek("getTenantLimits", path(visit), Map.of("explain", "true")))
        .with("quotas", visit.peek("getTenantQuotas", path(visit), Map.of()))
        .with("features", visit.peek("getTenantFeatures", path(visit), Map.of("explain", "true")))
        .with("plans", visit.peek("listPlans", Map.of(), Map.of("limit", ALL)));
  }

  private View data(Visit visit) {
    return with(
        one(visit, "data"),
        visit,
        Map.of(
            "placement", "getPlacement",
            "keysets", "listKeysets",
            "customerKey", "getKeyEncryptionKey"));
  }

  private View audit(Visit visit) {
    Map<String, String> query = AuditQuery.of(visit);
    return one(visit, "audit")
        .with("filter", query)
        .with("entries", visit.read("listTenantAudit", path(visit), query))
        .with("checkpoints", visit.peek("listCheckpoints", Map.of(), Map.of("limit", "1")));
  }

  /** A page of the tenant that the path names. */
  static View one(Visit visit, String tab) {
    Map<String, Object> tenant = visit.read("getTenant", path(visit));
    Set<String> may = visit.rightsIn(tenant);
    return View.of("tenant-" + tab, String.valueOf(tenant.get("name")), SECTION)
        .with("tenant", tenant)
        .with("tab", tab)
        .with("may", may)
        .with(
            "health",
            may.contains("health:read")
                ? visit.peek("getTenantHealth", path(visit), Map.of())
                : Optional.empty());
  }

  /** What the caller may do in the tenant of such a page. */
  static Set<?> rightsOf(View page) {
    return page.model().get("may") instanceof Set<?> rights ? rights : Set.of();
  }

  /**
   * With those of the documents that there are, and that the caller may read. Of a list, the page
   * that stands in the parameter of its name.
   */
  private static View with(View view, Visit visit, Map<String, String> operations) {
    View result = view;
    for (Map.Entry<String, String> part : operations.entrySet()) {
      Optional<Map<String, Object>> document =
          visit.peek(part.getValue(), path(visit), visit.paged(Map.of(), part.getKey()));
      result = result.with(part.getKey(), document);
    }
    return result;
  }

  static Map<String, String> path(Visit visit) {
    return Map.of("tenant", visit.path("tenant"));
  }
}
