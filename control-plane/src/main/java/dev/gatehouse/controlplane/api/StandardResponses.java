package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds to each operation under {@code /v1} the responses and headers that follow from what it
 * takes, so that the parts of the document need not repeat them: what {@link Api} does for all
 * operations is said for all of them here.
 */
final class StandardResponses {
  private static final List<String> OF_A_CHANGE =
      List.of("Gatehouse-Revision", "Preference-Applied", "Gatehouse-Lagging");

  private StandardResponses() {}

  /** Adds them to one operation of the document. */
  static void addTo(JsonObject operation, String path) {
    if (!path.startsWith("/v1/")) {
      return;
    }
    Map<String, Object> responses = new TreeMap<>(operation.getJsonObject("responses").getMap());
    responses.putIfAbsent("400", response("BadRequest"));
    responses.putIfAbsent("401", response("Unauthenticated"));
    responses.putIfAbsent("403", response("Forbidden"));
    responses.putIfAbsent("429", response("TooManyRequests"));
    responses.putIfAbsent("503", response("Unavailable"));
    if (path.contains("{")) {
      responses.putIfAbsent("404", response("NotFound"));
    }
    if (takes(operation, "IfMatch")) {
      responses.putIfAbsent("412", response("Stale"));
    }
    if (operation.containsKey("requestBody")) {
      responses.putIfAbsent("413", response("TooLarge"));
      responses.putIfAbsent("415", response("UnsupportedMediaType"));
    }
    if (takes(operation, "IdempotencyKey")) {
      responses.putIfAbsent("422", response("Unprocessable"));
    }
    operation.put("responses", new JsonObject(responses));
    describePermission(operation);
    if (takes(operation, "Prefer")) {
      addHeaders(operation.getJsonObject("responses"));
    }
  }

  /** For those who read the document as a page, which does not show extensions. */
  private static void describePermission(JsonObject operation) {
    if (operation.getValue("x-permission") instanceof String permission
        && Permission.of(permission).isPresent()) {
      String before = operation.getString("description", "").strip();
      String said = "Needs the permission `" + permission + "`.";
      operation.put("description", before.isEmpty() ? said : before + "\n\n" + said);
    }
  }

  private static void addHeaders(JsonObject responses) {
    for (String status : responses.fieldNames()) {
      if (status.startsWith("2")) {
        JsonObject response = responses.getJsonObject(status);
        JsonObject headers = response.getJsonObject("headers", new JsonObject());
        OF_A_CHANGE.forEach(name -> headers.put(name, reference("headers", name)));
        response.put("headers", headers);
      }
    }
  }

  private static boolean takes(JsonObject operation, String parameter) {
    return operation
        .getJsonArray("parameters", new JsonArray())
        .contains(reference("parameters", parameter));
  }

  private static JsonObject response(String name) {
    return reference("responses", name);
  }

  private static JsonObject reference(String kind, String name) {
    return JsonObject.of("$ref", "#/components/" + kind + "/" + name);
  }
}
