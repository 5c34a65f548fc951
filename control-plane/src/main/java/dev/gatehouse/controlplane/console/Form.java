package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.ApiCall;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A form of the console as the call of an operation. A field of the body is named by its JSON
 * pointer, so that what a problem says of a pointer is said of the field; behind a bar stands how
 * its text is read: {@code /limits/burst|int}, {@code |number}, {@code |bool}, {@code |words},
 * {@code |lines}, {@code |json}. Parameters are {@code path.NAME} and {@code query.NAME}.
 */
record Form(MultiMap fields) {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}([.][0-9]{1,9})?");

  /** A field that is no part of the call. */
  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  /**
   * The call that it stands for.
   *
   * @param patch whether a field that is left empty takes away what is there
   * @throws ProblemException {@code INVALID_BODY} for text that is not of its kind
   */
  ApiCall toCall(String operationId, boolean patch, Map<String, String> headers) {
    Map<String, String> path = new HashMap<>();
    Map<String, String> query = new HashMap<>();
    Optional<JsonObject> body = Optional.empty();
    for (Map.Entry<String, String> field : fields) {
      String name = field.getKey();
      String text = field.getValue().strip();
      if (name.startsWith("path.")) {
        path.put(name.substring("path.".length()), text);
      } else if (name.startsWith("query.") && !text.isEmpty()) {
        query.put(name.substring("query.".length()), text);
      } else if (name.startsWith("/")) {
        JsonObject into = body.orElseGet(JsonObject::new);
        body = Optional.of(into);
        put(into, name, text, patch);
      }
    }
    return new ApiCall(operationId, path, query, headers, body);
  }

  private static void put(JsonObject body, String name, String text, boolean patch) {
    int bar = name.indexOf('|');
    String pointer = bar < 0 ? name : name.substring(0, bar);
    String kind = bar < 0 ? "text" : name.substring(bar + 1);
    if (text.isEmpty() && !patch) {
      return;
    }
    String[] steps = pointer.substring(1).split("/", -1);
    JsonObject at = body;
    for (int i = 0; i < steps.length - 1; i++) {
      String step = unescape(steps[i]);
      if (!(at.getValue(step) instanceof JsonObject)) {
        at.put(step, new JsonObject());
      }
      at = at.getJsonObject(step);
    }
    String last = unescape(steps[steps.length - 1]);
    if (at.getValue(last) instanceof JsonArray several && kind.equals("each")) {
      several.add(text);
    } else {
      at.put(last, text.isEmpty() ? null : value(kind, text, pointer));
    }
  }

  private static @Nullable Object value(String kind, String text, String pointer) {
    return switch (kind) {
      case "int" -> whole(text, pointer);
      case "number" -> number(text, pointer);
      case "bool" -> text.equals("true");
      case "words" -> new JsonArray(List.of(text.split("[\\s,]+")));
      case "each" -> new JsonArray().add(text);
      case "lines" ->
          new JsonArray(text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
      case "json" -> json(text, pointer);
      case "time" -> text.length() == "2026-01-01T00:00".length() ? text + ":00Z" : text;
      default -> text;
    };
  }

  private static long whole(String text, String pointer) {
    if (!WHOLE.matcher(text).matches()) {
      throw invalid(pointer, "must be a whole number, found \"" + text + "\"");
    }
    return Long.parseLong(text);
  }

  private static double number(String text, String pointer) {
    if (!NUMBER.matcher(text).matches()) {
      throw invalid(pointer, "must be a number such as 99.9, found \"" + text + "\"");
    }
    return Double.parseDouble(text);
  }

  private static Object json(String text, String pointer) {
    try {
      return Json.decodeValue(text);
    } catch (DecodeException e) {
      throw invalid(pointer, "must be JSON: " + e.getMessage());
    }
  }

  private static ProblemException invalid(String pointer, String detail) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, detail)));
  }

  private static String unescape(String step) {
    return step.replace("~1", "/").replace("~0", "~");
  }
}
