package dev.gatehouse.controlplane.feed;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Refusals of a gateway's request, as problem documents (RFC 9457). */
final class FeedProblem {
  private static final int LONGEST_QUOTE = 64;

  private FeedProblem() {}

  static void badParameter(RoutingContext ctx, String name, String expected, String found) {
    String quoted = found.length() > LONGEST_QUOTE ? found.substring(0, LONGEST_QUOTE) : found;
    answer(
        ctx, 400, "invalid-parameter", "%s %s, found \"%s\"".formatted(name, expected, quoted), "");
  }

  static void badBody(RoutingContext ctx, String pointer, String expected) {
    answer(ctx, 400, "invalid-body", "%s %s".formatted(pointer, expected).strip(), pointer);
  }

  static void tooManySessions(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    answer(ctx, 503, "unavailable", "this instance feeds as many gateways as it may", "");
  }

  private static void answer(
      RoutingContext ctx, int status, String type, String detail, String pointer) {
    JsonObject problem =
        JsonObject.of(
            "type", "https://gatehouse.dev/problems/" + type, "status", status, "detail", detail);
    if (!pointer.isEmpty()) {
      problem.put("pointer", pointer);
    }
    ctx.response()
        .setChunked(false)
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .end(problem.toBuffer());
  }
}
