package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ApiCall;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Outcome;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The same step for several tenants: one operation after the other, each by itself. */
final class BulkDeeds {
  /** As many as a page of the list shows. */
  private static final int MOST = 50;

  private static final Set<String> STEPS =
      Set.of("activateTenant", "suspendTenant", "resumeTenant", "archiveTenant", "restoreTenant");

  private final Browser browser;

  BulkDeeds(Browser browser) {
    this.browser = browser;
  }

  void perform(Visit visit, Form form) {
    String step =
        form.field("operation")
            .filter(STEPS::contains)
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_FOUND, "the console has no such action"));
    List<String> tenants = form.fields().getAll("tenant").stream().distinct().toList();
    if (tenants.isEmpty() || tenants.size() > MOST) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at("tenant", "must be 1 to " + MOST + ", found " + tenants.size())));
    }
    Deeds.requireTyped(form, Integer.toString(tenants.size()));
    List<Map<String, Object>> results = new ArrayList<>();
    for (String tenant : tenants) {
      boolean last = tenant.equals(tenants.getLast());
      results.add(result(visit, form, step, tenant, last));
    }
    browser.send(
        visit,
        200,
        View.of("bulk", "What was done", "tenants")
            .with("step", step)
            .with("results", results)
            .with("next", Place.of(form.field("next"))));
  }

  /** Only the last one waits for the gateways: whoever has that change has those before it. */
  private static Map<String, Object> result(
      Visit visit, Form form, String step, String tenant, boolean last) {
    Map<String, Object> result = new HashMap<>();
    result.put("tenant", tenant);
    Optional<JsonObject> reason =
        form.field("reason").map(text -> new JsonObject().put("reason", text));
    Map<String, String> headers = last ? Map.of("Prefer", Deeds.WAIT) : Map.of();
    try {
      Outcome outcome =
          visit.call(new ApiCall(step, Map.of("tenant", tenant), Map.of(), headers, reason));
      outcome
          .answer()
          .body()
          .ifPresent(changed -> result.put("status", changed.getString("status")));
      result.put("lagging", String.join(", ", outcome.lagging()));
    } catch (ProblemException problem) {
      result.put("problem", Visit.plain(problem.toJson()));
    }
    return result;
  }
}
