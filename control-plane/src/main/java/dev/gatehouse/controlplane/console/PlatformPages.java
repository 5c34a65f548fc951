package dev.gatehouse.controlplane.console;

import java.util.Map;

/** What is about all tenants: the overview, gateways, the platform's own trail. */
final class PlatformPages {
  Map<String, View.Maker> all() {
    return Map.of("", this::overview, "/gateways", this::gateways, "/audit", this::audit);
  }

  private View overview(Visit visit) {
    if (!visit.rights().contains("tenants:read")) {
      return TenantPages.memberships(visit);
    }
    return View.of("overview", "Overview", "overview")
        .with("usage", UsageFigures.of(visit, "getUsage", Map.of()))
        .with("busiest", UsageFigures.busiest(visit))
        .with("health", visit.peek("getHealthSummary", Map.of(), Map.of()))
        .with("worst", HealthFigures.worst(visit))
        .with("gateways", visit.peek("listGateways", Map.of(), Map.of()))
        .with(
            "newest",
            visit.peek("listTenants", Map.of(), Map.of("sort", "-createdAt", "limit", "8")))
        .with("partitions", visit.peek("listPartitions", Map.of(), Map.of()))
        .with("blueprints", visit.peek("listBlueprints", Map.of(), Map.of()))
        .with("entries", visit.peek("listAudit", Map.of(), Map.of("limit", "8")));
  }

  private View gateways(Visit visit) {
    return View.of("gateways", "Gateways", "gateways")
        .with("gateways", visit.read("listGateways", Map.of()))
        .with("signingKeys", visit.peek("listSigningKeys", Map.of(), Map.of()));
  }

  private View audit(Visit visit) {
    Map<String, String> query = AuditQuery.of(visit);
    return View.of("audit", "Audit", "audit")
        .with("filter", query)
        .with("entries", visit.read("listAudit", Map.of(), query))
        .with("checkpoints", visit.peek("listCheckpoints", Map.of(), Map.of("limit", "5")));
  }
}
