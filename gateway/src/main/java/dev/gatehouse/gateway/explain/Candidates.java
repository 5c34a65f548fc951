package dev.gatehouse.gateway.explain;

import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.route.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The routes whose paths match a request, the most specific first, and why all but one did not take
 * it.
 *
 * @param resolved the request
 * @param routes at most {@value #MAX}
 */
record Candidates(Resolved resolved, List<Route> routes) {
  private static final int MAX = 20;

  static Candidates of(Resolved resolved) {
    return new Candidates(
        resolved,
        resolved.directory().routingTable().candidates(resolved.request()).stream()
            .limit(MAX)
            .toList());
  }

  /** The same step, with the candidates. */
  Step addTo(Step step) {
    if (!step.stage().equals("route")) {
      return step;
    }
    JsonArray told = new JsonArray();
    boolean taken = false;
    for (Route route : routes) {
      String reason = route.whyNot(resolved.hostClass(), resolved.request().head()).orElse("");
      String because =
          !reason.isEmpty() ? reason : taken ? "a more specific route took the request" : "taken";
      taken |= reason.isEmpty();
      told.add(
          JsonObject.of(
              "route", route.edge().id().toString(), "path", route.path(), "because", because));
    }
    return new Step(
        step.stage(),
        step.passed(),
        step.because() + inWords(told),
        step.facts().copy().put("candidates", told));
  }

  private static String inWords(JsonArray told) {
    String others =
        told.stream()
            .map(JsonObject.class::cast)
            .filter(candidate -> !candidate.getString("because").equals("taken"))
            .map(candidate -> candidate.getString("path") + ": " + candidate.getString("because"))
            .collect(Collectors.joining("; "));
    return others.isEmpty() ? "" : " (not " + others + ")";
  }
}
