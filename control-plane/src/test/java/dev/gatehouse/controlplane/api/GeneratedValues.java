package dev.gatehouse.controlplane.api;

import static java.util.Objects.requireNonNull;

import com.github.curiousoddman.rgxgen.RgxGen;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Values that a schema of the document allows, or nearly: a rule that schemas cannot say, such as
 * that a service must exist, may still refuse them.
 */
final class GeneratedValues {
  private static final int MAX_DEPTH = 6;
  private static final int MAX_ITEMS = 3;
  private static final List<Object> ODD =
      List.of(
          "",
          " ",
          "\u0000",
          "\ud800",
          "'; DROP TABLE tenant; --",
          "../../etc/passwd",
          "=cmd|' /C calc'!A0",
          "a\r\nX-Injected: 1",
          "x".repeat(5000),
          "\u202eevil",
          -1,
          0,
          1,
          Long.MAX_VALUE,
          1e300,
          0.5,
          true,
          new JsonArray(),
          new JsonObject(),
          JsonArray.of(JsonArray.of(1)),
          JsonObject.of("__proto__", 1));

  private final Random random;

  GeneratedValues(Random random) {
    this.random = random;
  }

  /** A value that keeps to the schema. */
  Object valid(JsonObject schema) {
    return valid(schema, 0);
  }

  /** A value with something in it that the schema most likely forbids. */
  Object broken(JsonObject schema) {
    Object value = valid(schema);
    if (value instanceof JsonObject object) {
      breakOne(object);
      return object;
    }
    return odd();
  }

  /** A text that has seldom a place anywhere. */
  String oddText() {
    return String.valueOf(odd());
  }

  private Object valid(JsonObject schema, int depth) {
    if (schema.containsKey("const")) {
      return schema.getValue("const");
    }
    if (schema.containsKey("enum")) {
      return oneOf(schema.getJsonArray("enum").getList());
    }
    for (String choice : List.of("oneOf", "anyOf")) {
      if (schema.containsKey(choice)) {
        JsonArray choices = schema.getJsonArray(choice);
        return valid(choices.getJsonObject(random.nextInt(choices.size())), depth);
      }
    }
    return switch (typeOf(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> whole(schema);
      case "number" -> whole(schema) + (random.nextBoolean() ? 0.5 : 0);
      case "boolean" -> random.nextBoolean();
      default -> text(schema);
    };
  }

  private String typeOf(JsonObject schema) {
    if (schema.getValue("type") instanceof JsonArray types) {
      return String.valueOf(oneOf(types.getList()));
    }
    String given = schema.getString("type", "");
    return given.isEmpty() ? (schema.containsKey("properties") ? "object" : "string") : given;
  }

  private JsonObject object(JsonObject schema, int depth) {
    JsonObject object = new JsonObject();
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    for (Map.Entry<String, Object> property :
        schema.getJsonObject("properties", new JsonObject())) {
      boolean wanted = depth < MAX_DEPTH && random.nextInt(depth + 2) == 0;
      if (required.contains(property.getKey()) || wanted) {
        object.put(property.getKey(), valid((JsonObject) property.getValue(), depth + 1));
      }
    }
    if (schema.getValue("additionalProperties") instanceof JsonObject more && depth < MAX_DEPTH) {
      for (int i = random.nextInt(MAX_ITEMS); i > 0; i--) {
        JsonObject names = schema.getJsonObject("propertyNames", new JsonObject());
        object.put(text(names), valid(more, depth + 1));
      }
    }
    return object;
  }

  private JsonArray array(JsonObject schema, int depth) {
    int least = schema.getInteger("minItems", 0);
    int most = Math.min(schema.getInteger("maxItems", MAX_ITEMS), least + MAX_ITEMS);
    JsonArray array = new JsonArray();
    for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
      array.add(valid(schema.getJsonObject("items", new JsonObject()), depth + 1));
    }
    return array;
  }

  private long whole(JsonObject schema) {
    long least = schema.getNumber("minimum", 0).longValue();
    long most = schema.getNumber("maximum", 1000).longValue();
    return switch (random.nextInt(4)) {
      case 0 -> least;
      case 1 -> most;
      default -> random.nextLong(least, Math.max(least + 1, most));
    };
  }

  private String text(JsonObject schema) {
    String format = schema.getString("format", "");
    if (!format.isEmpty()) {
      return formatted(format);
    }
    if (schema.containsKey("pattern")) {
      return RgxGen.parse(schema.getString("pattern")).generate(random);
    }
    int least = schema.getInteger("minLength", 0);
    int most = Math.min(schema.getInteger("maxLength", 30), least + 30);
    StringBuilder text = new StringBuilder();
    for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private String formatted(String format) {
    return switch (format) {
      case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
      case "email" -> "a" + random.nextInt(1000) + "@example.com";
      case "date-time" -> "20" + (30 + random.nextInt(60)) + "-01-01T00:00:00Z";
      case "iana-timezone" -> "Europe/Berlin";
      case "language-tag" -> "de-CH";
      case "iso-currency" -> "EUR";
      case "date-pattern" -> "yyyy-MM-dd";
      case "web-url" -> "https://h" + random.nextInt(1000) + ".example.com/x";
      case "claim-name" -> random.nextBoolean() ? "roles" : "/realm_access/a~1b";
      case "endpoint-host", "authority" -> "h" + random.nextInt(100000) + ".example.com";
      default -> format.startsWith("duration") ? "PT" + (1 + random.nextInt(20)) + "S" : oddText();
    };
  }

  private void breakOne(JsonObject object) {
    List<String> names = new ArrayList<>(object.fieldNames());
    if (names.isEmpty() || random.nextInt(4) == 0) {
      object.put(random.nextBoolean() ? "unknownField" : oddText(), odd());
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    if (object.getValue(name) instanceof JsonObject inner && random.nextBoolean()) {
      breakOne(inner);
      return;
    }
    switch (random.nextInt(3)) {
      case 0 -> object.remove(name);
      case 1 -> object.putNull(name);
      default -> object.put(name, odd());
    }
  }

  private Object odd() {
    Object value = ODD.get(random.nextInt(ODD.size()));
    return switch (value) {
      case JsonObject object -> object.copy();
      case JsonArray array -> array.copy();
      default -> value;
    };
  }

  private Object oneOf(List<?> values) {
    return requireNonNull(values.get(random.nextInt(values.size())));
  }
}
