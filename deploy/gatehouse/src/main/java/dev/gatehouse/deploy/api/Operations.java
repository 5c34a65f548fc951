package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.deploy.api.Operation.Body;
import dev.gatehouse.deploy.api.Operation.Field;
import dev.gatehouse.deploy.api.Operation.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the operations out of an OpenAPI document. */
final class Operations {
  private static final String PREFIX = "/v1/";
  private static final String LINES = "application/x-ndjson";
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
        if (operation.isObject() && path.getKey().startsWith(PREFIX) && speaksJson(operation)) {
          operations.add(read(path.getKey(), method, path.getValue(), operation));
        }
      }
    }
    return operations;
  }

  /** Bodies that are no single document, and files, are for other tools. */
  private static boolean speaksJson(JsonNode operation) {
    boolean file = operation.path("responses").path("200").path("content").has("text/csv");
    return !operation.path("x-streamed").asBoolean() && !file;
  }

  private Operation read(String path, String method, JsonNode item, JsonNode operation) {
    List<Parameter> parameters = new ArrayList<>();
    List<String> headers = new ArrayList<>();
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
        bodyOf(operation),
        headers.contains("If-Match"),
        headers.contains("Prefer"),
        headers.contains("Idempotency-Key"),
        resolved(operation.path("responses").path("200")).path("content").has(LINES));
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

  private static Parameter parameter(JsonNode parameter) {
    return new Parameter(
        parameter.path("name").asText(),
        parameter.path("in").asText(),
        parameter.path("required").asBoolean(),
        Operation.text(parameter, "description"));
  }

  private Optional<Body> bodyOf(JsonNode operation) {
    JsonNode body = resolved(operation.path("requestBody"));
    if (!body.path("content").isObject() || body.path("content").isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<String, JsonNode> content = body.path("content").properties().iterator().next();
    JsonNode schema =
        operation.has("x-merged-schema")
            ? lookUp(operation.path("x-merged-schema").asText())
            : resolved(content.getValue().path("schema"));
    boolean patch = operation.has("x-merged-schema");
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
              describe(field)));
    }
    return fields;
  }

  private static String describe(JsonNode schema) {
    List<String> parts = new ArrayList<>();
    String description = Operation.text(schema, "description");
    if (!description.isEmpty()) {
      parts.add(description.endsWith(".") ? description : description + ".");
    }
    if (schema.has("enum")) {
      parts.add(
          "One of "
              + String.join(", ", schema.path("enum").valueStream().map(JsonNode::asText).toList())
              + ".");
    }
    if (schema.has("minimum") && schema.has("maximum")) {
      parts.add(schema.path("minimum").asText() + " to " + schema.path("maximum").asText() + ".");
    }
    if (schema.has("default")) {
      parts.add("Default " + schema.path("default").asText() + ".");
    }
    return String.join(" ", parts);
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? resolved(lookUp(node.path("$ref").asText())) : node;
  }

  private JsonNode lookUp(String reference) {
    return document.at(reference.substring(1));
  }
}
