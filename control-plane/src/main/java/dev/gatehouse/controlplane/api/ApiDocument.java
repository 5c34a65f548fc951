package dev.gatehouse.controlplane.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI 3.1 document of the control plane: what is served to readers is what requests are
 * checked against. Immutable once loaded; any thread.
 */
public final class ApiDocument {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  /** In place of a permission: whoever has a valid token may. */
  private static final String ANY_CALLER = "authenticated";

  private final JsonObject root;
  private final List<ApiOperation> operations;

  /** Nothing in it depends on a configuration, and to read it takes a second of a new process. */
  private static final class Loaded {
    static final ApiDocument DOCUMENT = read();
  }

  private static final class Written {
    static final Buffer YAML = toYaml(Loaded.DOCUMENT.root);
  }

  private ApiDocument(JsonObject root) {
    this.root = root;
    this.operations = readOperations();
  }

  /** The document. It is read from the class path when it is first asked for. */
  public static ApiDocument load() {
    return Loaded.DOCUMENT;
  }

  /**
   * @throws IllegalStateException if its parts do not fit together
   */
  private static ApiDocument read() {
    JsonObject root = DocumentParts.join();
    root.getJsonObject("paths")
        .forEach(path ->
            operationsIn((JsonObject) path.getValue())
                .forEach((_, operation) -> StandardResponses.addTo(operation, path.getKey())));
    return new ApiDocument(root);
  }

  private static Buffer toYaml(JsonObject root) {
    YAMLMapper mapper = new YAMLMapper();
    mapper.disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER);
    mapper.disable(YAMLGenerator.Feature.SPLIT_LINES);
    try {
      return Buffer.buffer(mapper.writeValueAsBytes(new ObjectMapper().readTree(root.encode())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The document, whole, as YAML. It is written when it is first asked for, which takes a while.
   */
  public Buffer yaml() {
    return Written.YAML;
  }

  /**
   * Reads documents by the schema of an operation's body.
   *
   * @throws IllegalStateException if there is no such operation with a JSON body
   */
  public BodyReader bodyReader(String operationId) {
    return operations.stream()
        .filter(operation -> operation.id().equals(operationId))
        .flatMap(
            operation -> Optional.ofNullable(operation.bodies().get("application/json")).stream())
        .findFirst()
        .map(BodyReader::new)
        .orElseThrow(() -> new IllegalStateException(operationId + " takes no JSON"));
  }

  /**
   * What holds where nothing is said: the defaults that a schema of the document names, at every
   * depth.
   *
   * @param schema its name among the components
   */
  public JsonObject defaultsOf(String schema) {
    return defaultsIn(resolved(lookUp("#/components/schemas/" + schema)));
  }

  private static JsonObject defaultsIn(JsonObject schema) {
    JsonObject defaults = new JsonObject();
    for (Map.Entry<String, Object> property :
        schema.getJsonObject("properties", new JsonObject())) {
      JsonObject inner = (JsonObject) property.getValue();
      if (inner.containsKey("default")) {
        defaults.put(property.getKey(), inner.getValue("default"));
      } else {
        JsonObject below = defaultsIn(inner);
        if (!below.isEmpty()) {
          defaults.put(property.getKey(), below);
        }
      }
    }
    return defaults;
  }

  List<ApiOperation> operations() {
    return operations;
  }

  private List<ApiOperation> readOperations() {
    List<ApiOperation> found = new ArrayList<>();
    for (Map.Entry<String, Object> path : root.getJsonObject("paths")) {
      JsonObject item = (JsonObject) path.getValue();
      operationsIn(item)
          .forEach((method, operation) -> {
            // Some are served by routers of their own, which are no JSON over HTTP.
            if (!operation.containsKey("x-served-by")) {
              found.add(readOperation(path.getKey(), method, item));
            }
          });
    }
    return List.copyOf(found);
  }

  /** The operations of a path, by method in lower case. */
  private static Map<String, JsonObject> operationsIn(JsonObject item) {
    Map<String, JsonObject> operations = new LinkedHashMap<>();
    METHODS.stream()
        .filter(item::containsKey)
        .forEach(method -> operations.put(method, item.getJsonObject(method)));
    return operations;
  }

  private ApiOperation readOperation(String path, String method, JsonObject item) {
    JsonObject operation = item.getJsonObject(method);
    JsonArray security = operation.getJsonArray("security", root.getJsonArray("security"));
    JsonObject body = resolved(operation.getJsonObject("requestBody", new JsonObject()));
    boolean streamed = operation.getBoolean("x-streamed", false);
    List<ApiOperation.Parameter> parameters = new ArrayList<>();
    parameters.addAll(readParameters(item.getJsonArray("parameters", new JsonArray())));
    parameters.addAll(readParameters(operation.getJsonArray("parameters", new JsonArray())));
    return new ApiOperation(
        operation.getString("operationId"),
        HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
        path.replaceAll("\\{(\\w+)}", ":$1"),
        !security.isEmpty(),
        security.isEmpty() ? Optional.empty() : permissionOf(operation),
        List.copyOf(parameters),
        streamed ? Map.of() : readBodies(body),
        streamed ? body.getJsonObject("content").fieldNames() : Set.of(),
        body.getBoolean("required", false),
        Optional.ofNullable(operation.getJsonObject("x-merged-schema"))
            .map(schema -> new SchemaCheck(resolved(schema))));
  }

  /** Nothing is open because somebody forgot to say what it needs. */
  private static Optional<Permission> permissionOf(JsonObject operation) {
    String name = operation.getString("x-permission", "");
    if (name.equals(ANY_CALLER)) {
      return Optional.empty();
    }
    return Optional.of(
        Permission.of(name)
            .orElseThrow(() ->
                new IllegalStateException(
                    operation.getString("operationId")
                        + " must have x-permission, a permission that there is, or "
                        + ANY_CALLER
                        + ", found \""
                        + name
                        + "\"")));
  }

  private List<ApiOperation.Parameter> readParameters(JsonArray array) {
    List<ApiOperation.Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      JsonObject parameter = resolved(array.getJsonObject(i));
      String in = parameter.getString("in");
      // Most headers have readers of their own.
      if (!in.equals("header") || parameter.getBoolean("required", false)) {
        JsonObject schema = parameter.getJsonObject("schema");
        parameters.add(
            new ApiOperation.Parameter(
                parameter.getString("name"),
                in,
                parameter.getBoolean("required", false),
                "integer".equals(schema.getString("type")),
                new SchemaCheck(schema)));
      }
    }
    return parameters;
  }

  private static Map<String, SchemaCheck> readBodies(JsonObject body) {
    Map<String, SchemaCheck> bodies = new LinkedHashMap<>();
    JsonObject content = body.getJsonObject("content", new JsonObject());
    for (String mediaType : content.fieldNames()) {
      bodies.put(
          mediaType, new SchemaCheck(content.getJsonObject(mediaType).getJsonObject("schema")));
    }
    return bodies;
  }

  /** A copy with every reference replaced by what it refers to. */
  private JsonObject resolved(JsonObject node) {
    if (node.getValue("$ref") instanceof String reference) {
      return resolved(lookUp(reference));
    }
    JsonObject copy = new JsonObject();
    node.forEach(member -> copy.put(member.getKey(), resolvedValue(member.getValue())));
    return copy;
  }

  private @Nullable Object resolvedValue(@Nullable Object value) {
    return switch (value) {
      case JsonObject object -> resolved(object);
      case JsonArray array -> new JsonArray(array.stream().map(this::resolvedValue).toList());
      case null, default -> value;
    };
  }

  private JsonObject lookUp(String reference) {
    JsonObject here = root;
    for (String token : reference.substring("#/".length()).split("/", -1)) {
      here = here.getJsonObject(token);
      if (here == null) {
        throw new IllegalStateException("the API document has no " + reference);
      }
    }
    return here;
  }
}
