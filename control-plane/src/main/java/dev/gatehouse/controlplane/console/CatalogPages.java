package dev.gatehouse.controlplane.console;

import java.util.Map;

/** Services, routes and plans. */
final class CatalogPages {
  private static final Map<String, String> ALL = Map.of("limit", "200");
  private static final Map<String, String> HEALTH = Map.of("health", "true");

  Map<String, View.Maker> all() {
    return Map.of(
        "/services", this::services,
        "/services/:service", this::service,
        "/routes", this::routes,
        "/plans", this::plans,
        "/plans/:plan", this::plan);
  }

  private View services(Visit visit) {
    return View.of("services", "Services", "services")
        .with("services", visit.read("listServices", Map.of(), visit.paged(HEALTH)));
  }

  private View service(Visit visit) {
    String name = visit.path("service");
    return View.of("service", name, "services")
        .with("service", visit.read("getService", Map.of("service", name)))
        .with("seen", visit.peek("getServiceEndpoints", Map.of("service", name), Map.of()))
        .with("routes", visit.peek("listRoutes", Map.of(), ALL));
  }

  private View routes(Visit visit) {
    return View.of("routes", "Routes", "routes")
        .with("routes", visit.read("listRoutes", Map.of(), visit.paged(Map.of())))
        .with("services", visit.peek("listServices", Map.of(), ALL));
  }

  private View plans(Visit visit) {
    return View.of("plans", "Plans", "plans")
        .with("plans", visit.read("listPlans", Map.of(), visit.paged(Map.of())));
  }

  private View plan(Visit visit) {
    String name = visit.path("plan");
    return View.of("plan", name, "plans")
        .with("plan", visit.read("getPlan", Map.of("plan", name)))
        .with("tenants", visit.peek("listTenants", Map.of(), Map.of("plan", name, "sort", "name")));
  }
}
