package dev.gatehouse.gateway.explain;

import io.vertx.core.json.JsonObject;

/**
 * What one stage decided.
 *
 * @param stage its name
 * @param passed whether the request went on from it
 * @param because one sentence for a person
 * @param facts the same for a program
 */
public record Step(String stage, boolean passed, String because, JsonObject facts) {
  static Step passed(String stage, String because, JsonObject facts) {
    return new Step(stage, true, because, facts);
  }

  JsonObject toJson() {
    return JsonObject.of(
        "stage", stage, "passed", passed, "because", because, "facts", facts.copy());
  }
}
