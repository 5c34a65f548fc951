package dev.gatehouse.sample;

import dev.gatehouse.contract.context.TenantContext;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Everything that takes its time: chunks, server-sent events, uploads and a WebSocket. */
final class StreamRoutes {
  private static final int MAX_CHUNKS = 10_000;
  private static final int MAX_DELAY_MILLIS = 10_000;

  /** One a second for an hour; an EventSource then connects again by itself. */
  private static final int MAX_EVENTS = 3600;

  private final Vertx vertx;

  StreamRoutes(Vertx vertx) {
    this.vertx = vertx;
  }

  void addTo(Router router) {
    router.get("/stream").handler(this::stream);
    router.get("/events").handler(this::events);
    router.post("/upload").handler(StreamRoutes::upload);
    router.get("/echo").handler(StreamRoutes::echo);
  }

  /**
   * Query: {@code chunks} (1 to 10,000, default 10), {@code delayMillis} (0 to 10,000, default 0).
   */
  private void stream(RoutingContext ctx) {
    int chunks;
    int delayMillis;
    try {
      chunks = parameter(ctx, "chunks", 10, 1, MAX_CHUNKS);
      delayMillis = parameter(ctx, "delayMillis", 0, 0, MAX_DELAY_MILLIS);
    } catch (IllegalArgumentException e) {
      Problem.answer(ctx, 400, "parameter", String.valueOf(e.getMessage()));
      return;
    }
    String slug = ContextGate.contextOf(ctx).tenantSlug();
    HttpServerResponse response = ctx.response();
    response.setChunked(true).putHeader("Content-Type", "text/plain; charset=utf-8");
    for (int i = 1; i <= chunks && !response.closed(); i++) {
      response.write(slug + " " + i + "/" + chunks + "\n").await();
      if (delayMillis > 0 && i < chunks) {
        pause(delayMillis);
      }
    }
    response.end();
  }

  /** One {@code tick} a second. */
  private void events(RoutingContext ctx) {
    TenantContext context = ContextGate.contextOf(ctx);
    HttpServerResponse response = ctx.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store");
    for (int i = 1; i <= MAX_EVENTS && !response.closed(); i++) {
      JsonObject tick = new JsonObject().put("tenant", context.tenantSlug()).put("tick", i);
      response.write("event: tick\nid: " + i + "\ndata: " + tick.encode() + "\n\n").await();
      pause(1000);
    }
    response.end();
  }

  /** Counts and hashes the body as it comes; nothing of it is kept. */
  private static void upload(RoutingContext ctx) {
    MessageDigest digest = sha256();
    long[] bytes = {0};
    ctx.request()
        .handler(chunk -> {
          bytes[0] += chunk.length();
          digest.update(chunk.getBytes());
        })
        .endHandler(_ ->
            ctx.response()
                .putHeader("Content-Type", "application/json")
                .end(
                    new JsonObject()
                        .put("tenant", ContextGate.contextOf(ctx).tenantSlug())
                        .put("bytes", bytes[0])
                        .put("sha256", HexFormat.of().formatHex(digest.digest()))
                        .toBuffer()));
  }

  /** A WebSocket that first says who is calling, then sends every message back. */
  private static void echo(RoutingContext ctx) {
    if (!"websocket".equalsIgnoreCase(ctx.request().headers().get("Upgrade"))) {
      ctx.response().putHeader("Upgrade", "websocket");
      Problem.answer(ctx, 426, "websocket", "/echo is a WebSocket");
      return;
    }
    JsonObject identity = Identity.of(ctx);
    ctx.request()
        .toWebSocket()
        .onSuccess(socket -> {
          socket.textMessageHandler(socket::writeTextMessage);
          socket.binaryMessageHandler(socket::writeBinaryMessage);
          socket.writeTextMessage(identity.encode());
        });
  }

  /**
   * Not {@code vertx.timer()}: that one fails, loudly, when the application is closed meanwhile.
   */
  private void pause(long millis) {
    Promise<Void> due = Promise.promise();
    vertx.setTimer(millis, _ -> due.complete());
    due.future().await();
  }

  private static int parameter(RoutingContext ctx, String name, int absent, int min, int max) {
    String text = ctx.request().getParam(name);
    if (text == null) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Not a number is out of range, too.
    }
    throw new IllegalArgumentException(
        name + " must be a number between " + min + " and " + max + ", found \"" + text + "\"");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
