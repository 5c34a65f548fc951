package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.ReportBody;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * What gateways ask the control plane and tell it: {@code GET /edge/v1/feed}, {@code POST
 * /edge/v1/applied} and {@code POST /edge/v1/explained}. Its handlers wait for the database: mount
 * them in a verticle on virtual threads.
 */
public final class FeedRoutes {
  private static final int MAX_BODY_BYTES = 4096;
  private static final int LONGEST_QUOTE = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern REVISION = Pattern.compile("[0-9]{1,18}");

  private final EdgeFeed feed;
  private final GatewayStore gateways;
  private final QuestionStore questions;
  private final GatewayAuthentication gatewayAuthentication;

  FeedRoutes(
      EdgeFeed feed,
      GatewayStore gateways,
      QuestionStore questions,
      GatewayAuthentication gatewayAuthentication) {
    this.feed = feed;
    this.gateways = gateways;
    this.questions = questions;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Adds the routes; every request to them is authenticated first. */
  public void mount(Router router) {
    router.get(FeedMessage.FEED_PATH).handler(gatewayAuthentication).handler(this::feed);
    router
        .post(FeedMessage.APPLIED_PATH)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(gatewayAuthentication)
        .handler(this::applied);
    router
        .post(ExplainAnswer.PATH)
        .handler(BodyHandler.create(false).setBodyLimit(ExplainAnswer.MAX_BYTES))
        .handler(gatewayAuthentication)
        .handler(this::explained);
  }

  /** The gateway is registered before it gets the first line, so that no waiter misses it. */
  private void feed(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    String gateway = Optional.ofNullable(request.getParam("gateway")).orElse("");
    Optional<String> since = Optional.ofNullable(request.getParam("since"));
    if (!NAME.matcher(gateway).matches()) {
      throw badParameter("gateway", "must match " + NAME, gateway);
    }
    GatewayAuthentication.requireNamed(ctx, gateway);
    if (since.isPresent() && !REVISION.matcher(since.get()).matches()) {
      throw badParameter("since", "must be a revision", since.get());
    }
    long has = since.map(Long::parseLong).orElse(-1L);
    boolean explains = "true".equals(request.getParam("explains"));
    gateways.seen(gateway, Math.max(has, 0));
    gateways.explains(gateway, explains);
    HttpServerResponse response = ctx.response();
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, FeedMessage.MEDIA_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    try {
      feed.open(gateway, response, has, explains, gatewayAuthentication.holds(ctx));
    } catch (RejectedExecutionException _) {
      throw new ProblemException(
              Problem.TOO_MANY_GATEWAYS, "ask another instance, or this one again later")
          .withHeader("Retry-After", "1");
    }
  }

  private void applied(RoutingContext ctx) {
    FeedMessage.Applied applied = appliedIn(bodyOf(ctx));
    GatewayAuthentication.requireNamed(ctx, applied.gateway());
    gateways.seen(applied.gateway(), applied.revision());
    ctx.response().setStatusCode(204).end();
  }

  private void explained(RoutingContext ctx) {
    questions.answer(
        ReportBody.read(ctx, "an answer", ExplainAnswer::decode, ExplainAnswer::gateway));
    ctx.response().setStatusCode(204).end();
  }

  private static JsonObject bodyOf(RoutingContext ctx) {
    try {
      return Optional.ofNullable(ctx.body().asJsonObject()).orElseGet(JsonObject::new);
    } catch (DecodeException | ClassCastException _) {
      throw badBody("", "must be a JSON object with gateway and revision");
    }
  }

  private static FeedMessage.Applied appliedIn(JsonObject body) {
    if (!(body.getValue("gateway") instanceof String gateway) || !NAME.matcher(gateway).matches()) {
      throw badBody("/gateway", "must match " + NAME);
    }
    Object revision = body.getValue("revision");
    if (!(revision instanceof Integer || revision instanceof Long)
        || ((Number) revision).longValue() < 0) {
      throw badBody("/revision", "must be a whole number from 0");
    }
    return new FeedMessage.Applied(gateway, ((Number) revision).longValue());
  }

  private static ProblemException badParameter(String name, String expected, String found) {
    String quoted = found.length() > LONGEST_QUOTE ? found.substring(0, LONGEST_QUOTE) : found;
    return new ProblemException(
        Problem.INVALID_PARAMETER,
        List.of(Fault.inParameter(name, expected + ", found \"" + quoted + "\"")));
  }

  private static ProblemException badBody(String pointer, String expected) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, expected)));
  }
}
