package dev.gatehouse.controlplane.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that answers what went wrong, as {@code application/problem+json} (RFC 9457). */
public final class ProblemHandler implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

  private final Router router;

  private ProblemHandler(Router router) {
    this.router = router;
  }

  /** Answers every failure on the router, also that no route matches. */
  public static void addTo(Router router) {
    ProblemHandler handler = new ProblemHandler(router);
    router.route().failureHandler(handler);
    for (int status : new int[] {400, 404, 405, 413, 500}) {
      router.errorHandler(status, handler);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    ProblemException problem = problemOf(context);
    HttpServerResponse response = context.response();
    if (response.ended() || response.headWritten()) {
      context.request().connection().close();
      return;
    }
    problem.headers().forEach(response::putHeader);
    response
        .setStatusCode(problem.problem().status())
        .putHeader("Content-Type", "application/problem+json")
        .end(problem.toJson(RequestIds.of(context)).toBuffer());
  }

  private ProblemException problemOf(RoutingContext context) {
    if (context.failure() instanceof ProblemException problem) {
      return problem;
    }
    String path = context.request().method() + " " + context.request().path();
    return switch (context.statusCode()) {
      case 400 ->
          new ProblemException(
              Problem.MALFORMED_REQUEST, "the request line or a header is malformed");
      case 404 -> new ProblemException(Problem.NOT_FOUND, "there is nothing at " + path);
      case 405 ->
          new ProblemException(
                  Problem.METHOD_NOT_ALLOWED,
                  path + " is not possible, the header Allow names what is")
              .withHeader("Allow", allowed(context.normalizedPath()));
      case 413 -> new ProblemException(Problem.BODY_TOO_LARGE, "the body must have at most 1 MiB");
      default -> {
        LOG.error("request {} to {} failed", RequestIds.of(context), path, context.failure());
        yield new ProblemException(
            Problem.INTERNAL_ERROR, "the fault is not yours; the log has it under the request id");
      }
    };
  }

  /** What the routes of a path take; Vert.x tells that only where it answers by itself. */
  private String allowed(String path) {
    List<Route> matching =
        router.getRoutes().stream()
            .filter(route -> route.methods() != null && matches(route, path))
            .toList();
    // The first one is the most specific: one with a name in its place is another resource.
    return matching.stream()
        .filter(route -> Objects.equals(route.getPath(), matching.getFirst().getPath()))
        .flatMap(route -> route.methods().stream())
        .map(HttpMethod::name)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean matches(Route route, String path) {
    String template = route.getPath();
    return template != null && path.matches(template.replaceAll(":\\w+", "[^/]+"));
  }
}
