package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A request from within the process, which is checked as one over HTTP is.
 *
 * @param operationId which operation it asks for
 * @param path parameters of the path, by name
 * @param query parameters of the query, by name
 * @param headers such as {@code If-Match} and {@code Prefer}, by name
 * @param body empty if there is none
 */
public record ApiCall(
    String operationId,
    Map<String, String> path,
    Map<String, String> query,
    Map<String, String> headers,
    Optional<JsonObject> body) {

  /** One without a body and without conditions. */
  public static ApiCall read(
      String operationId, Map<String, String> path, Map<String, String> query) {
    return new ApiCall(operationId, path, query, Map.of(), Optional.empty());
  }

  RequestParts partsFor(ApiOperation operation) {
    return new Parts(this, operation);
  }

  private record Parts(ApiCall call, ApiOperation operation) implements RequestParts {
    @Override
    public String line() {
      return operation.method()
          + " "
          + operation.path()
          + new TreeMap<>(call.path)
          + new TreeMap<>(call.query);
    }

    @Override
    public Set<String> queryNames() {
      return call.query.keySet();
    }

    @Override
    public String path(String name) {
      String value = call.path.get(name);
      if (value == null) {
        throw new IllegalStateException(call.operationId + " needs the path parameter " + name);
      }
      return value;
    }

    @Override
    public List<String> query(String name) {
      return Optional.ofNullable(call.query.get(name)).stream().toList();
    }

    @Override
    public List<String> header(String name) {
      return name.equalsIgnoreCase("Content-Type") && call.body.isPresent()
          ? List.of(mediaType())
          : call.headers.entrySet().stream()
              .filter(header -> header.getKey().equalsIgnoreCase(name))
              .map(Map.Entry::getValue)
              .collect(Collectors.toUnmodifiableList());
    }

    @Override
    public Buffer body() {
      return call.body.map(JsonObject::toBuffer).orElseGet(Buffer::buffer);
    }

    private String mediaType() {
      return operation.method().equals(HttpMethod.PATCH)
          ? "application/merge-patch+json"
          : "application/json";
    }
  }
}
