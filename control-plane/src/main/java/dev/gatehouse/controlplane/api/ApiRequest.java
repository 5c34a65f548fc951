package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that is authenticated and keeps to the document.
 *
 * @param operation which one it asks for
 * @param caller who asks; empty where the operation needs no token
 * @param parameters of path and query, by name
 * @param body empty if the operation takes none
 * @param ifMatch the {@code If-Match} header
 * @param origin from where it came
 */
public record ApiRequest(
    ApiOperation operation,
    Optional<Caller> caller,
    Map<String, String> parameters,
    JsonObject body,
    Optional<String> ifMatch,
    RequestOrigin origin) {
  private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

  /** Name of the operation that it asks for. */
  public String operationId() {
    return operation.id();
  }

  /** The path that it names, with its parameters replaced by these. */
  public String resource(UnaryOperator<String> parameter) {
    return PARAMETER
        .matcher(operation.path())
        .replaceAll(match -> Matcher.quoteReplacement(parameter.apply(match.group(1))));
  }

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

  /** A parameter of path or query, where the operation has it. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
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
