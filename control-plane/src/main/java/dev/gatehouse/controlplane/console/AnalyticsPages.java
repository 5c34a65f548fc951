package dev.gatehouse.controlplane.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code /console/analytics}, and the same of a tenant. */
final class AnalyticsPages {
  private static final String FEW = "10";
  private static final double PLOT_HEIGHT = 100;
  private static final double STEPS = 5;

  Map<String, View.Maker> all() {
    return Map.of("/analytics", this::platform, "/tenants/:tenant/analytics", this::tenant);
  }

  private View platform(Visit visit) {
    return View.of("analytics", "Analytics", "analytics")
        .with("growth", periods(visit.read("getGrowth", Map.of())))
        .with("cohorts", cohorts(visit.read("getRetention", Map.of(), Map.of("months", "13"))))
        .with("budgets", visit.read("listErrorBudgets", Map.of(), Map.of("limit", FEW)))
        .with("forecasts", visit.read("listQuotaForecasts", Map.of(), Map.of("limit", FEW)))
        .with("quiet", visit.read("listQuietTenants", Map.of(), Map.of("limit", FEW)))
        .with("routes", visit.read("getTopRoutes", Map.of(), Map.of("rows", FEW)));
  }

  private View tenant(Visit visit) {
    Map<String, String> path = TenantPages.path(visit);
    View view = TenantPages.one(visit, "analytics");
    if (!TenantPages.rightsOf(view).contains("usage:read")) {
      return view;
    }
    return view.with("growth", periods(visit.read("getTenantGrowth", path)))
        .with("budgets", visit.read("getTenantErrorBudgets", path))
        .with("quotas", visit.read("getTenantQuotas", path))
        .with("routes", visit.read("getTenantTopRoutes", path, Map.of("rows", FEW)));
  }

  /** Each with the height of its bar. */
  private static List<Map<String, Object>> periods(Map<String, Object> growth) {
    List<Map<String, Object>> items = Visit.items(growth);
    double most = items.stream().mapToDouble(item -> number(item, "requests")).max().orElse(0);
    List<Map<String, Object>> periods = new ArrayList<>();
    for (Map<String, Object> item : items) {
      Map<String, Object> period = new HashMap<>(item);
      double height = most == 0 ? 0 : number(item, "requests") / most * PLOT_HEIGHT;
      period.put("height", Math.max(height, 0.5));
      period.put("top", PLOT_HEIGHT - Math.max(height, 0.5));
      period.put("place", periods.size() * 10 + 1.5);
      periods.add(period);
    }
    return most == 0 && items.stream().allMatch(AnalyticsPages::empty) ? List.of() : periods;
  }

  private static boolean empty(Map<String, Object> period) {
    return number(period, "requests") == 0 && !period.containsKey("tenants");
  }

  /** Each share with the step of its shade. */
  private static Map<String, Object> cohorts(Map<String, Object> retention) {
    List<Map<String, Object>> rows = new ArrayList<>();
    int longest = 0;
    for (Map<String, Object> item : Visit.items(retention)) {
      List<Map<String, Object>> cells = new ArrayList<>();
      if (item.get("shares") instanceof List<?> shares) {
        for (Object share : shares) {
          double percent = share instanceof Number number ? number.doubleValue() : 0;
          cells.add(Map.of("percent", percent, "shade", (int) Math.ceil(percent / 100 * STEPS)));
        }
      }
      longest = Math.max(longest, cells.size());
      Map<String, Object> row = new HashMap<>(item);
      row.put("cells", cells);
      rows.add(row);
    }
    List<Integer> months = new ArrayList<>();
    for (int month = 0; month < longest; month++) {
      months.add(month);
    }
    return Map.of("rows", rows, "months", months);
  }

  private static double number(Map<String, Object> item, String name) {
    return item.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
