package dev.gatehouse.gateway.explain;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Answers {@code GET /explain?url=…&method=…&header=Name:value} at the admin port with an {@link
 * Explanation} in JSON; {@code method} is GET if absent, {@code header} may come more than once.
 * 400 with a problem (RFC 9457) if these are no request.
 */
public final class ExplainHandler {
  /** Where it is found. */
  public static final String PATH = "/explain";

  private final Explainer explainer;

  public ExplainHandler(Explainer explainer) {
    this.explainer = explainer;
  }

  /** Answers one request. */
  public void handle(HttpServerRequest request) {
    try {
      MultiMap parameters = request.params();
      String url =
          Optional.ofNullable(parameters.get("url"))
              .orElseThrow(() -> new IllegalArgumentException("the parameter url is missing"));
      String method = Optional.ofNullable(parameters.get("method")).orElse("GET");
      Explanation explanation = explainer.explain(url, method, parameters.getAll("header"));
      answer(request, 200, "application/json", explanation.toJson());
    } catch (IllegalArgumentException e) {
      answer(
          request,
          400,
          "application/problem+json",
          JsonObject.of(
              "type",
              "https://gatehouse.dev/problems/bad-request",
              "title",
              "Bad request",
              "status",
              400,
              "detail",
              String.valueOf(e.getMessage())));
    }
  }

  private static void answer(HttpServerRequest request, int status, String type, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }
}
