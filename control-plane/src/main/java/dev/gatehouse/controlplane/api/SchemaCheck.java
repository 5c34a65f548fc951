package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds values against one schema of the document and says what is wrong, where, in words that name
 * the value found and what is expected. Immutable; any thread.
 */
final class SchemaCheck {
  private static final int MAX_FAULTS = 20;
  private static final int MAX_EXCERPT = 60;

  /** Keywords that only repeat that something below them is wrong. */
  private static final Set<String> WRAPPERS = Set.of("properties", "items", "allOf");

  private final JsonObject schema;
  private final Validator validator;

  /**
   * @param schema without references
   */
  SchemaCheck(JsonObject schema) {
    this.schema = schema;
    this.validator =
        Validator.create(
            JsonSchema.of(forJava(schema)), // a copy: the validator writes its bookkeeping into it
            new JsonSchemaOptions()
                .setBaseUri("https://gatehouse.dev/")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic),
            new Formats());
  }

  /** JSON Schema's {@code $} is the very end (ECMA-262); Java's would let a line break follow. */
  private static JsonObject forJava(JsonObject node) {
    JsonObject copy = new JsonObject();
    node.forEach(member -> copy.put(member.getKey(), forJava(member.getKey(), member.getValue())));
    return copy;
  }

  private static @Nullable Object forJava(String name, @Nullable Object value) {
    return switch (value) {
      case JsonObject object -> forJava(object);
      case JsonArray array ->
          new JsonArray(new ArrayList<>(array.stream().map(item -> forJava("", item)).toList()));
      case String text when name.equals("pattern") && text.endsWith("$") ->
          text.substring(0, text.length() - 1) + "\\z";
      case null, default -> value;
    };
  }

  /** What is wrong with a value; empty if it is valid. At most {@value #MAX_FAULTS}. */
  List<Fault> faults(Object value) {
    OutputUnit outcome = validator.validate(value);
    if (outcome.getValid()) {
      return List.of();
    }
    Set<Fault> faults = new LinkedHashSet<>();
    for (OutputUnit error : outcome.getErrors()) {
      faults.addAll(faultsOf(error, value));
    }
    return faults.stream().limit(MAX_FAULTS).toList();
  }

  /** What the document calls {@code writeOnly} is a secret: the value found is not said. */
  private List<Fault> faultsOf(OutputUnit error, Object root) {
    List<String> instancePath = tokens(error.getInstanceLocation());
    List<String> keywordPath = tokens(error.getKeywordLocation());
    String keyword = keywordPath.getLast();
    Object rule = walk(schema, keywordPath.subList(0, keywordPath.size() - 1));
    if (WRAPPERS.contains(keyword) || !(rule instanceof JsonObject node)) {
      return List.of();
    }
    String pointer = pointer(instancePath);
    String found = node.getBoolean("writeOnly", false) ? "" : found(walk(root, instancePath));
    return switch (keyword) {
      case "required" -> missing(node, walk(root, instancePath), pointer);
      case "additionalProperties" -> unknown(node, instancePath, pointer);
      case "propertyNames" -> List.of(Fault.at(pointer, String.valueOf(error.getError())));
      case "format" -> List.of(Fault.at(pointer, formatFault(error, node) + found));
      default -> List.of(Fault.at(pointer, expectation(keyword, node.getValue(keyword)) + found));
    };
  }

  private static List<Fault> missing(JsonObject node, @Nullable Object found, String pointer) {
    List<Fault> faults = new ArrayList<>();
    if (found instanceof JsonObject object) {
      for (Object name : node.getJsonArray("required")) {
        if (!object.containsKey((String) name)) {
          faults.add(Fault.at(pointer + "/" + StrictJson.escape((String) name), "is required"));
        }
      }
    }
    return faults;
  }

  private static List<Fault> unknown(JsonObject node, List<String> path, String pointer) {
    // The validator also counts a known member with a wrong value as additional.
    boolean known = node.getJsonObject("properties", new JsonObject()).containsKey(path.getLast());
    boolean forbidden = Boolean.FALSE.equals(node.getValue("additionalProperties"));
    return known || !forbidden
        ? List.of()
        : List.of(Fault.at(pointer, "is not a field that is known here"));
  }

  private static String formatFault(OutputUnit error, JsonObject node) {
    String text = String.valueOf(error.getError());
    if (!text.startsWith("String does not match")) {
      return text;
    }
    // The validator judges times, too: what both say is said once.
    String format = node.getString("format");
    return format.equals("date-time") ? Formats.TIME : "must be a valid " + format;
  }

  private static String expectation(String keyword, @Nullable Object rule) {
    return switch (keyword) {
      case "type" -> "must be of type " + list(rule);
      case "enum" -> "must be one of " + list(rule);
      case "const" -> "must be " + rule;
      case "pattern" -> "must match " + rule;
      case "minimum" -> "must be at least " + rule;
      case "maximum" -> "must be at most " + rule;
      case "minLength" -> "must have at least " + rule + " characters";
      case "maxLength" -> "must have at most " + rule + " characters";
      case "minItems" -> "must have at least " + rule + " items";
      case "maxItems" -> "must have at most " + rule + " items";
      case "minProperties" -> "must have at least " + rule + " members";
      case "maxProperties" -> "must have at most " + rule + " members";
      case "uniqueItems" -> "must not hold an item twice";
      default -> "must keep to " + keyword + " " + rule;
    };
  }

  private static String list(@Nullable Object rule) {
    return rule instanceof JsonArray array
        ? String.join(", ", array.stream().map(String::valueOf).toList())
        : String.valueOf(rule);
  }

  private static String found(@Nullable Object value) {
    String text =
        switch (value) {
          case null -> "null";
          case String string -> "\"" + string + "\"";
          case JsonObject _ -> "an object";
          case JsonArray array -> "an array of " + array.size();
          default -> value.toString();
        };
    return ", found "
        + (text.length() <= MAX_EXCERPT ? text : text.substring(0, MAX_EXCERPT) + "…");
  }

  private static @Nullable Object walk(@Nullable Object start, List<String> path) {
    Object here = start;
    for (String token : path) {
      here =
          switch (here) {
            case JsonObject object -> object.getValue(token);
            case JsonArray array -> array.getValue(Integer.parseInt(token));
            case null, default -> null;
          };
    }
    return here;
  }

  /** The decoded tokens of a location such as {@code #/settings/a%20b}. */
  private static List<String> tokens(String location) {
    List<String> tokens = new ArrayList<>();
    for (String token : location.substring(1).split("/", -1)) {
      tokens.add(decoded(token).replace("~1", "/").replace("~0", "~"));
    }
    return tokens.subList(1, tokens.size());
  }

  /** The validator writes a control character with one hex digit, which nobody can read back. */
  private static String decoded(String token) {
    try {
      return URLDecoder.decode(token.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return token;
    }
  }

  private static String pointer(List<String> path) {
    StringBuilder pointer = new StringBuilder();
    path.forEach(token -> pointer.append('/').append(StrictJson.escape(token)));
    return pointer.toString();
  }
}
