package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ApiCall;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /console/tenants/:tenant/explain}: what would become of a request. What was typed goes to
 * the gateway and back into the page, and is kept nowhere.
 */
final class Explaining {
  static final String PATH = "/tenants/:tenant/explain";
  private static final String OPERATION = "explainRequest";

  private final Browser browser;

  Explaining(Browser browser) {
    this.browser = browser;
  }

  /** The form, with nothing in it. */
  static View form(Visit visit) {
    return page(visit).with("asked", Map.of("method", "GET", "path", "/"));
  }

  /**
   * Asks, and shows the answer: alone where a script puts it into the page, else below the form.
   */
  void perform(Visit visit, Form form) {
    boolean alone = Browser.isFragment(visit.context());
    View view = alone ? View.of("explained", "Explanation", "tenants") : page(visit);
    ApiCall call = form.toCall(OPERATION, false, Map.of());
    ApiCall asked =
        new ApiCall(
            OPERATION,
            Map.of("tenant", visit.path("tenant")),
            Map.of(),
            call.headers(),
            call.body().isPresent() ? call.body() : Optional.of(new JsonObject()));
    int status = 200;
    try {
      JsonObject explained = visit.call(asked).answer().body().orElseThrow();
      view =
          view.with("explained", Visit.plain(explained))
              .with("curl", Curl.of(explained.getString("request"), headersIn(asked)));
    } catch (ProblemException problem) {
      if (alone) {
        throw problem;
      }
      status = problem.problem().status();
      view = view.with("problem", Visit.plain(problem.toJson()));
    }
    browser.send(visit, status, view.with("asked", typed(form)));
  }

  private static View page(Visit visit) {
    return TenantPages.one(visit, "explain")
        .with("domains", visit.peek("listDomains", TenantPages.path(visit), Map.of("limit", "50")))
        .with("gateways", visit.peek("listGateways", Map.of(), Map.of()));
  }

  private static List<String> headersIn(ApiCall call) {
    JsonArray headers = call.body().orElseThrow().getJsonArray("headers", new JsonArray());
    return headers.stream().map(String::valueOf).toList();
  }

  /** What stood in the form, by the names of the members. */
  private static Map<String, Object> typed(Form form) {
    MultiMap fields = form.fields();
    Map<String, Object> typed = new HashMap<>();
    fields.forEach(field -> {
      if (field.getKey().startsWith("/")) {
        typed.put(field.getKey().substring(1).split("\\|", 2)[0], field.getValue());
      }
    });
    return typed;
  }
}
