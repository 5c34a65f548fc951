package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends a request with a {@link Problem}. Refusals are traffic, not faults: no stack trace is taken.
 */
public final class ProblemException extends RuntimeException {
  private final Problem problem;
  private final transient List<Fault> faults;
  private final transient Map<String, String> headers;

  private ProblemException(
      Problem problem, String detail, List<Fault> faults, Map<String, String> headers) {
    super(detail, null, false, false);
    this.problem = problem;
    this.faults = List.copyOf(faults);
    this.headers = Map.copyOf(headers);
  }

  /**
   * @param detail names the value found and what is expected
   */
  public ProblemException(Problem problem, String detail) {
    this(problem, detail, List.of(), Map.of());
  }

  /**
   * @param faults what is wrong, each with its place; the first one's detail becomes the problem's
   */
  public ProblemException(Problem problem, List<Fault> faults) {
    this(problem, summaryOf(faults), faults, Map.of());
  }

  /** The same refusal with one more response header. */
  public ProblemException withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new ProblemException(problem, String.valueOf(getMessage()), faults, more);
  }

  /** Why the request ends. */
  public Problem problem() {
    return problem;
  }

  /** What is wrong with the request, each with its place; may be empty. */
  public List<Fault> faults() {
    return faults;
  }

  /** Headers that the answer has besides. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The problem document. */
  JsonObject toJson(String requestId) {
    return toJson().put("requestId", requestId);
  }

  /** The problem document of what is no request of its own. */
  public JsonObject toJson() {
    JsonObject document =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", getMessage());
    if (!faults.isEmpty()) {
      document.put("errors", new JsonArray(faults.stream().map(Fault::toJson).toList()));
    }
    return document;
  }

  private static String summaryOf(List<Fault> faults) {
    Fault first = faults.getFirst();
    String where = first.name().isEmpty() ? "the body" : first.name();
    String more = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
    return where + " " + first.detail() + more;
  }
}
