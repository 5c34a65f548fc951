package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.deploy.api.Operation.Body;
import dev.gatehouse.deploy.api.Operation.Field;
import dev.gatehouse.deploy.api.Operation.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the operations out of an OpenAPI document. */
final class Operations {
  private static final String PREFIX = "/v1/";
  private static final String JSON = "application/json";
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private final JsonNode document;

  private Operations(JsonNode document) {
    this.document = document;
  }

  /**
   * All operations under {@code /v1}, in the document's order.
   *
   * @param yaml the document
   */
  static List<Operation> in(byte[] yaml) {
    try {
      return new Operations(new YAMLMapper().readTree(yaml)).all();
    } catch (IOException e) {
      throw new UncheckedIOException("the API's document cannot be read", e);
    }
  }

  private List<Operation> all() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (String method : METHODS) {
        JsonNode operation = path.getValue().path(method);
        if (operation.isObject() && path.getKey().startsWith(PREFIX)) {
          operations.add(read(path.getKey(), method, path.getValue(), operation));
        }
      }
    }
    return operations;
  }

  private Operation read(String path, String method, JsonNode item, JsonNode operation) {
    List<Parameter> parameters = new ArrayList<>();
    Set<String> headers = new HashSet<>();
    Stream.of(item, operation)
        .flatMap(holder -> holder.path("parameters").valueStream())
        .map(this::resolved)
        .forEach(parameter -> {
          if (parameter.path("in").asText().equals("header")) {
            headers.add(parameter.path("name").asText());
          } else {
            parameters.add(parameter(parameter));
          }
        });
    List<String> name = nameOf(operation);
    return new Operation(
        name.getFirst(),
        name.getLast(),
        method.toUpperCase(Locale.ROOT),
        path,
        Operation.text(operation, "summary"),
        Operation.text(operation, "description"),
        List.copyOf(parameters),
        Set.copyOf(headers),
        bodyOf(operation),
        uploadsOf(operation),
        exports(operation),
        operation.path("x-columns").valueStream().map(JsonNode::asText).toList(),
        progressOf(operation));
  }

  private List<String> uploadsOf(JsonNode operation) {
    return operation.path("x-streamed").asBoolean()
        ? resolved(operation.path("requestBody")).path("content").properties().stream()
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  private boolean exports(JsonNode operation) {
    JsonNode content = resolved(operation.path("responses").path("200")).path("content");
    return !content.isEmpty() && !content.has(JSON);
  }

  private Optional<ProgressOperations> progressOf(JsonNode operation) {
    String shownBy = operation.path("x-progress").asText("");
    return document.path("paths").properties().stream()
        .filter(path -> path.getValue().path("get").path("operationId").asText("-").equals(shownBy))
        .findFirst()
        .map(path -> new ProgressOperations(path.getKey(), commandsFrom(path.getKey())));
  }

  /** The commands for a resource and what is below it, by what follows its path. */
  private Map<String, String> commandsFrom(String start) {
    Map<String, String> commands = new HashMap<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      if (path.getKey().startsWith(start)) {
        METHODS.stream()
            .map(path.getValue()::path)
            .filter(JsonNode::isObject)
            .findFirst()
            .ifPresent(operation ->
                commands.put(
                    path.getKey().substring(start.length()), String.join(" ", nameOf(operation))));
      }
    }
    return Map.copyOf(commands);
  }

  /** {@code listApiKeys} is {@code api-key list}, but where the document says it better. */
  private static List<String> nameOf(JsonNode operation) {
    String given = operation.path("x-cli").asText("");
    if (!given.isEmpty()) {
      return List.of(given.split(" ", 2));
    }
    List<String> words = Operation.wordsOf(operation.path("operationId").asText());
    String noun = String.join("-", words.subList(1, words.size()));
    boolean plural = words.getFirst().equals("list") && noun.endsWith("s");
    String verb = words.getFirst().equals("patch") ? "update" : words.getFirst();
    return List.of(plural ? noun.substring(0, noun.length() - 1) : noun, verb);
  }

  private Parameter parameter(JsonNode parameter) {
    return new Parameter(
        parameter.path("name").asText(),
        parameter.path("in").asText(),
        parameter.path("required").asBoolean(),
        valuesOf(resolved(parameter.path("schema"))),
        Operation.text(parameter, "description"));
  }

  private Optional<Body> bodyOf(JsonNode operation) {
    JsonNode body = resolved(operation.path("requestBody"));
    boolean document = !operation.path("x-streamed").asBoolean();
    if (!document || body.path("content").isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<String, JsonNode> content = body.path("content").properties().iterator().next();
    boolean patch = operation.has("x-merged-schema");
    JsonNode schema =
        resolved(patch ? operation.path("x-merged-schema") : content.getValue().path("schema"));
    return Optional.of(
        new Body(content.getKey(), body.path("required").asBoolean(), fieldsOf(schema, patch)));
  }

  private List<Field> fieldsOf(JsonNode schema, boolean patch) {
    List<String> required = schema.path("required").valueStream().map(JsonNode::asText).toList();
    List<Field> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode field = resolved(property.getValue());
      fields.add(
          new Field(
              property.getKey(),
              field.path("type").asText("object"),
              !patch && required.contains(property.getKey()),
              valuesOf(
                  field.path("type").asText("").equals("array")
                      ? resolved(field.path("items"))
                      : field),
              describe(field)));
    }
    return fields;
  }

  private static List<String> valuesOf(JsonNode schema) {
    return schema.path("enum").valueStream().map(JsonNode::asText).toList();
  }

  private static String describe(JsonNode schema) {
    List<String> parts = new ArrayList<>();
    String description = Operation.text(schema, "description");
    if (!description.isEmpty()) {
      parts.add(description.endsWith(".") ? description : description + ".");
    }
    if (schema.has("enum")) {
      parts.add("One of " + String.join(", ", valuesOf(schema)) + ".");
    }
    if (schema.has("minimum") && schema.has("maximum")) {
      parts.add(schema.path("minimum").asText() + " to " + schema.path("maximum").asText() + ".");
    }
    JsonNode preset = schema.path("default");
    if (preset.isArray() && !preset.isEmpty()) {
      parts.add(
          "Default "
              + preset.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "))
              + ".");
    } else if (preset.isValueNode()) {
      parts.add("Default " + preset.asText() + ".");
    }
    return String.join(" ", parts);
  }

  /** What stands beside a reference is said about this place, and goes before what is there. */
  private JsonNode resolved(JsonNode node) {
    if (!node.has("$ref")) {
      return node;
    }
    JsonNode target = resolved(lookUp(node.path("$ref").asText()));
    return node.has("description")
        ? ((ObjectNode) target.deepCopy()).set("description", node.path("description"))
        : target;
  }

  private JsonNode lookUp(String reference) {
    return document.at(reference.substring(1));
  }
}
