package dev.gatehouse.controlplane.console;

import java.util.Map;

/** Services, routes and plans. */
final class CatalogPages {
  private static final Map<String, String> ALL = Map.of("limit", "200");

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
        .with("services", visit.read("listServices", Map.of(), ALL));
  }

  private View service(Visit visit) {
    String name = visit.path("service");
    return View.of("service", name, "services")
        .with("service", visit.read("getService", Map.of("service", name)))
        .with("routes", visit.peek("listRoutes", Map.of(), ALL));
  }

  private View routes(Visit visit) {
    return View.of("routes", "Routes", "routes")
        .with("routes", visit.read("listRoutes", Map.of(), ALL))
        .with("services", visit.peek("listServices", Map.of(), ALL));
  }

  private View plans(Visit visit) {
    return View.of("plans", "Plans", "plans").with("plans", visit.read("listPlans", Map.of(), ALL));
  }

  private View plan(Visit visit) {
    String name = visit.path("plan");
    return View.of("plan", name, "plans")
        .with("plan", visit.read("getPlan", Map.of("plan", name)))
        .with("tenants", visit.peek("listTenants", Map.of(), Map.of("plan", name, "sort", "name")));
  }
}
