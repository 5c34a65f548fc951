package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that is authenticated and keeps to the document.
 *
 * @param operation which one it asks for
 * @param caller who asks; empty where the operation needs no token
 * @param parameters of path and query, by name
 * @param body empty if the operation takes none
 * @param ifMatch the {@code If-Match} header
 */
public record ApiRequest(
    ApiOperation operation,
    Optional<Caller> caller,
    Map<String, String> parameters,
    JsonObject body,
    Optional<String> ifMatch) {

  /** A parameter of the path. */
  public String path(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException(operation.id() + " has no path parameter " + name);
    }
    return value;
  }

  /** Who asks, where the operation needs a token. */
  public Caller authenticated() {
    return caller.orElseThrow(() -> new IllegalStateException(operation.id() + " needs no token"));
  }

  /** A parameter of the query. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /**
   * Refuses the change if the caller knows another version than the one that is there.
   *
   * @throws ProblemException {@code VERSION_STALE}
   */
  public void requireVersion(long current) {
    if (ifMatch.isPresent() && !EntityTag.matches(ifMatch.get(), current)) {
      throw new ProblemException(
          Problem.VERSION_STALE,
          "If-Match is "
              + ifMatch.get()
              + ", the current entity tag is "
              + EntityTag.of(current)
              + ": read it again and apply the change to what is there now");
    }
  }

  /**
   * The current state with this request's merge patch applied.
   *
   * @throws ProblemException {@code INVALID_BODY} if the result is not a valid state
   */
  public JsonObject patched(JsonObject current) {
    JsonObject result = MergePatch.apply(current, body);
    List<Fault> faults = operation.merged().orElseThrow().faults(result);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    return result;
  }
}
