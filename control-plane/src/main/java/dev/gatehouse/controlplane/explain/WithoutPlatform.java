package dev.gatehouse.controlplane.explain;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An explanation for somebody of a tenant: what is the tenant's own is told, what is the platform's
 * (routes, services, endpoints, other regions) only as far as a client would notice it.
 */
final class WithoutPlatform {
  private static final Set<String> OF_THE_TENANT = Set.of("admit", "authenticate", "limit");

  /** What is told of other stages, too. */
  private static final List<String> TOLD =
      List.of("status", "type", "location", "tenant", "source", "client", "region");

  private static final Map<String, String> PASSED =
      Map.of(
          "resolve", "the request leads to this tenant",
          "route", "the platform has a route for it",
          "sign", "it would be signed as a request of this tenant",
          "forward", "it would be sent to the application");

  private WithoutPlatform() {}

  static JsonObject of(JsonObject explanation) {
    JsonArray steps = new JsonArray();
    explanation
        .getJsonArray("steps", new JsonArray())
        .forEach(step -> steps.add(step((JsonObject) step)));
    return explanation.copy().put("steps", steps);
  }

  private static JsonObject step(JsonObject step) {
    String stage = step.getString("stage");
    if (OF_THE_TENANT.contains(stage)) {
      return step;
    }
    JsonObject facts = step.getJsonObject("facts", new JsonObject());
    boolean ofRegion = facts.containsKey("gateway");
    if (stage.equals("resolve") && !ofRegion) {
      return step;
    }
    JsonObject told = new JsonObject();
    TOLD.stream().filter(facts::containsKey).forEach(name -> told.put(name, facts.getValue(name)));
    boolean passed = step.getBoolean("passed", false);
    String because =
        ofRegion
            ? "the tenant is served in the region " + facts.getString("region") + " alone"
            : passed ? PASSED.getOrDefault(stage, "it goes on") : refusal(stage, facts);
    return JsonObject.of("stage", stage, "passed", passed, "because", because, "facts", told);
  }

  private static String refusal(String stage, JsonObject facts) {
    if (facts.containsKey("location")) {
      return "the client is sent to " + facts.getString("location");
    }
    String what =
        switch (stage) {
          case "route" -> "the platform has no route that takes it";
          case "forward" -> "the application cannot be reached at the moment";
          default -> "the platform cannot pass it on at the moment";
        };
    return facts.getInteger("status", 0) + ": " + what;
  }
}
