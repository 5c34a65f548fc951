package dev.gatehouse.gateway.explain;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What would happen to a request.
 *
 * @param verdict how it would end
 * @param status what the client would be answered; 0 where that is the upstream's affair
 * @param steps what each stage decided, in order; the last one decided the end
 */
public record Explanation(Verdict verdict, int status, List<Step> steps) {
  public Explanation {
    steps = List.copyOf(steps);
  }

  /** As it is answered at the admin port. */
  public JsonObject toJson() {
    JsonObject json = JsonObject.of("verdict", verdict.wireName);
    if (status != 0) {
      json.put("status", status);
    }
    return json.put("steps", new JsonArray(steps.stream().map(Step::toJson).toList()));
  }

  /** How a request may end. */
  public enum Verdict {
    /** At its service. */
    FORWARDED("forwarded"),
    /** At another place, to which the client is sent. */
    REDIRECTED("redirected"),
    /** Here, with the answer to a challenge. */
    ANSWERED("answered"),
    /** Here, with a problem. */
    REFUSED("refused");

    private final String wireName;

    Verdict(String wireName) {
      this.wireName = wireName;
    }
  }
}
