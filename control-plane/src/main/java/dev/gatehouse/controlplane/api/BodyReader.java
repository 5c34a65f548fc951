package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Reads documents that are no body of a request of their own by the rules for one. Immutable; any
 * thread.
 */
public final class BodyReader {
  private final SchemaCheck check;

  BodyReader(SchemaCheck check) {
    this.check = check;
  }

  /**
   * A document.
   *
   * @throws ProblemException {@code MALFORMED_JSON} or {@code INVALID_BODY}
   */
  public JsonObject read(Buffer document) {
    JsonObject body = StrictJson.parse(document);
    List<Fault> faults = check.faults(body);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    return body;
  }
}
