package dev.gatehouse.controlplane.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations as a client reads them out of the document that is served. */
final class DocumentedOperations {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private final JsonObject root;
  private final Map<JsonObject, SchemaCheck> checks = new HashMap<>();

  DocumentedOperations(String yaml) {
    try {
      Map<String, Object> tree = new YAMLMapper().readValue(yaml, new TypeReference<>() {});
      root = new JsonObject(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of the API itself. */
  List<Operation> all() {
    return everything().stream()
        .filter(operation -> operation.path().startsWith("/v1/"))
        .filter(operation -> !operation.document().containsKey("x-served-by"))
        .toList();
  }

  /** Those for gateways and supervisors, too. */
  List<Operation> everything() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, Object> path : root.getJsonObject("paths")) {
      JsonObject item = (JsonObject) path.getValue();
      for (String method : METHODS) {
        JsonObject operation = item.getJsonObject(method);
        if (operation != null) {
          JsonObject whole = resolved(operation);
          JsonArray parameters = whole.getJsonArray("parameters", new JsonArray()).copy();
          resolvedArray(item.getJsonArray("parameters", new JsonArray())).forEach(parameters::add);
          whole.put("parameters", parameters);
          operations.add(new Operation(method.toUpperCase(Locale.ROOT), path.getKey(), whole));
        }
      }
    }
    return operations;
  }

  /** The document as it is served. */
  JsonObject root() {
    return root;
  }

  /** What is wrong with the body of an answer; empty if it is as the document says. */
  List<Fault> faultsOf(JsonObject schema, Object body) {
    return checks.computeIfAbsent(schema, SchemaCheck::new).faults(body);
  }

  private JsonObject resolved(JsonObject node) {
    if (node.getValue("$ref") instanceof String reference) {
      JsonObject here = root;
      for (String token : reference.substring("#/".length()).split("/", -1)) {
        here = here.getJsonObject(token);
      }
      return resolved(here);
    }
    JsonObject copy = new JsonObject();
    node.forEach(member -> copy.put(member.getKey(), resolvedValue(member.getValue())));
    return copy;
  }

  private JsonArray resolvedArray(JsonArray array) {
    JsonArray copy = new JsonArray();
    array.forEach(item -> copy.add(resolvedValue(item)));
    return copy;
  }

  private @Nullable Object resolvedValue(@Nullable Object value) {
    return switch (value) {
      case JsonObject object -> resolved(object);
      case JsonArray array -> resolvedArray(array);
      case null, default -> value;
    };
  }

  /**
   * One of them.
   *
   * @param document the operation without references, with the parameters of its path
   */
  record Operation(String method, String path, JsonObject document) {
    String id() {
      return document.getString("operationId");
    }

    List<JsonObject> parameters(String in) {
      return document.getJsonArray("parameters").stream()
          .map(JsonObject.class::cast)
          .filter(parameter -> parameter.getString("in").equals(in))
          .toList();
    }

    /** Its body's media types with their schemas; empty if it takes none. */
    JsonObject content() {
      return document
          .getJsonObject("requestBody", new JsonObject())
          .getJsonObject("content", new JsonObject());
    }

    JsonObject responses() {
      return document.getJsonObject("responses");
    }
  }
}
