package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.FeedMessage;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * What gateways ask the control plane: {@code GET /edge/v1/feed} and {@code POST /edge/v1/applied}.
 * Its handlers wait for the database: mount them in a verticle on virtual threads.
 */
public final class FeedRoutes {
  private static final int MAX_BODY_BYTES = 4096;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern REVISION = Pattern.compile("[0-9]{1,18}");

  private final EdgeFeed feed;
  private final GatewayStore gateways;
  private final Handler<RoutingContext> gatewayAuthentication;

  FeedRoutes(EdgeFeed feed, GatewayStore gateways, Handler<RoutingContext> gatewayAuthentication) {
    this.feed = feed;
    this.gateways = gateways;
    this.gatewayAuthentication = gatewayAuthentication;
  }

  /** Adds both routes; every request to them is authenticated first. */
  public void mount(Router router) {
    router.get(FeedMessage.FEED_PATH).handler(gatewayAuthentication).handler(this::feed);
    router
        .post(FeedMessage.APPLIED_PATH)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(gatewayAuthentication)
        .handler(this::applied);
  }

  /** The gateway is registered before it gets the first line, so that no waiter misses it. */
  private void feed(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    String gateway = Optional.ofNullable(request.getParam("gateway")).orElse("");
    Optional<String> since = Optional.ofNullable(request.getParam("since"));
    if (!NAME.matcher(gateway).matches()) {
      FeedProblem.badParameter(ctx, "gateway", "must match " + NAME, gateway);
      return;
    }
    if (since.isPresent() && !REVISION.matcher(since.get()).matches()) {
      FeedProblem.badParameter(ctx, "since", "must be a revision", since.get());
      return;
    }
    long has = since.map(Long::parseLong).orElse(-1L);
    gateways.seen(gateway, Math.max(has, 0));
    HttpServerResponse response = ctx.response();
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, FeedMessage.MEDIA_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    try {
      feed.open(gateway, response, has);
    } catch (RejectedExecutionException _) {
      FeedProblem.tooManySessions(ctx);
    }
  }

  private void applied(RoutingContext ctx) {
    FeedMessage.Applied applied;
    try {
      applied =
          appliedIn(Optional.ofNullable(ctx.body().asJsonObject()).orElseGet(JsonObject::new));
    } catch (DecodeException | ClassCastException _) {
      FeedProblem.badBody(ctx, "", "must be a JSON object with gateway and revision");
      return;
    } catch (MemberException e) {
      FeedProblem.badBody(ctx, e.pointer, e.expected);
      return;
    }
    gateways.seen(applied.gateway(), applied.revision());
    ctx.response().setStatusCode(204).end();
  }

  private static FeedMessage.Applied appliedIn(JsonObject body) throws MemberException {
    if (!(body.getValue("gateway") instanceof String gateway) || !NAME.matcher(gateway).matches()) {
      throw new MemberException("/gateway", "must match " + NAME);
    }
    Object revision = body.getValue("revision");
    if (!(revision instanceof Integer || revision instanceof Long)
        || ((Number) revision).longValue() < 0) {
      throw new MemberException("/revision", "must be a whole number from 0");
    }
    return new FeedMessage.Applied(gateway, ((Number) revision).longValue());
  }

  private static final class MemberException extends Exception {
    final String pointer;
    final String expected;

    MemberException(String pointer, String expected) {
      this.pointer = pointer;
      this.expected = expected;
    }
  }
}
