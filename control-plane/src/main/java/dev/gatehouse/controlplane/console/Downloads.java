package dev.gatehouse.controlplane.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reports as files: what the API exports, to the one who is signed in. */
final class Downloads {
  private static final List<String> PARAMETERS =
      List.of("report", "from", "to", "step", "groupBy", "orderBy", "rows", "months", "days");

  Map<String, Consumer<Visit>> all() {
    return Map.of(
        "/analytics/export",
        visit -> download(visit, "exportAnalytics", Map.of()),
        "/tenants/:tenant/analytics/export",
        visit -> download(visit, "exportTenantAnalytics", Map.of("tenant", visit.path("tenant"))));
  }

  private static void download(Visit visit, String operationId, Map<String, String> path) {
    Map<String, String> query = new HashMap<>();
    PARAMETERS.forEach(name -> visit.query(name).ifPresent(value -> query.put(name, value)));
    String report = query.getOrDefault("report", "").replaceAll("[^a-z-]", "");
    Browser.isFile(visit.context(), "gatehouse-" + report + ".csv");
    visit.download(operationId, path, query);
  }
}
