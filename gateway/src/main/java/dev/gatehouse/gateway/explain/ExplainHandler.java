package dev.gatehouse.gateway.explain;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /explain?url=…&method=…&client=ADDRESS&header=Name:value} at the admin port
 * with an {@link Explanation} in JSON; {@code method} is GET if absent, {@code client} from where
 * the request comes, {@code header} may come more than once. 400 with a problem (RFC 9457) if these
 * are no request.
 */
public final class ExplainHandler {
  /** Where it is found. */
  public static final String PATH = "/explain";

  private static final Logger LOG = LoggerFactory.getLogger(ExplainHandler.class);

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
      explainer
          .explain(
              url,
              method,
              parameters.getAll("header"),
              Optional.ofNullable(parameters.get("client")))
          .onSuccess(explanation -> answer(request, 200, "application/json", explanation.toJson()))
          .onFailure(failure -> failed(request, failure));
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

  private static void failed(HttpServerRequest request, Throwable failure) {
    LOG.error("a request could not be explained", failure);
    answer(
        request,
        500,
        "application/problem+json",
        JsonObject.of(
            "type",
            "https://gatehouse.dev/problems/internal",
            "title",
            "Internal fault",
            "status",
            500));
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
