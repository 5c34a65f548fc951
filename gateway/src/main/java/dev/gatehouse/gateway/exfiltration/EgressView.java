package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.contract.security.EgressTaken.Figure;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What there is to see of a meter.
 *
 * @param principal whose; empty for all callers of the tenant
 * @param fingerprint how events name the caller
 * @param cutOff whether nothing leaves any more
 */
record EgressView(
    String principal, Optional<String> fingerprint, boolean cutOff, Part window, Part period) {

  /**
   * What there is to see of a span.
   *
   * @param learnedFrom so many spans
   * @param tooMuch whether it is known that too much has left
   */
  record Part(Figure bytes, Figure records, int learnedFrom, boolean tooMuch) {
    static Part of(
        Span span, long bytes, long records, OptionalLong byteBudget, OptionalLong recordBudget) {
      return new Part(
          span.bytes(bytes, byteBudget),
          span.records(records, recordBudget),
          span.taught(),
          span.isTold());
    }

    private JsonObject toJson() {
      return JsonObject.of(
          "bytes",
          json(bytes),
          "records",
          json(records),
          "learnedFrom",
          learnedFrom,
          "tooMuch",
          tooMuch);
    }

    private static JsonObject json(Figure figure) {
      JsonObject json = JsonObject.of("taken", figure.taken());
      figure.usual().ifPresent(usual -> json.put("usual", usual));
      figure.most().ifPresent(most -> json.put("most", most));
      return json;
    }
  }

  /** What has left in this period, to tell the many from the few by. */
  long bytes() {
    return period.bytes.taken();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    if (!principal.isEmpty()) {
      json.put("principal", principal);
    }
    fingerprint.ifPresent(text -> json.put("fingerprint", text));
    return json.put("cutOff", cutOff).put("window", window.toJson()).put("period", period.toJson());
  }
}
