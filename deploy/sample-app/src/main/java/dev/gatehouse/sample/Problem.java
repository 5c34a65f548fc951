package dev.gatehouse.sample;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers with a problem document (RFC 9457). */
final class Problem {
  private static final String TYPES = "https://gatehouse.dev/problems/sample/";

  private Problem() {}

  /**
   * @param type last segment of the problem's {@code type}
   * @param detail what was found and what is expected
   */
  static void answer(RoutingContext ctx, int status, String type, String detail) {
    JsonObject problem =
        new JsonObject()
            .put("type", TYPES + type)
            .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
            .put("status", status)
            .put("detail", detail);
    ctx.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .end(problem.toBuffer());
  }
}
