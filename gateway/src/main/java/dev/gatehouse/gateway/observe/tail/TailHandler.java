package dev.gatehouse.gateway.observe.tail;

import dev.gatehouse.gateway.observe.tail.TailHub.Listener;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Answers {@code GET /tail} at the admin port: one line of the access log for each request that
 * ends from now on, as JSON, for as long as the connection is open. {@code tenant}, {@code service}
 * and {@code status} (404, 5xx) choose. A line {@code {"dropped":N}} says that the listener was too
 * slow; an empty line that nothing happened.
 */
public final class TailHandler {
  /** The path that it answers. */
  public static final String PATH = "/tail";

  private static final String NDJSON = "application/x-ndjson";
  private static final CharSequence FETCHED = HttpHeaders.createOptimized("Sec-Fetch-Site");
  private static final long LOOK_EVERY_MILLIS = 100;
  private static final int SILENT_LOOKS = 100;

  private final Vertx vertx;
  private final TailHub hub;

  public TailHandler(Vertx vertx, TailHub hub) {
    this.vertx = vertx;
    this.hub = hub;
  }

  /** Answers until the client goes. */
  public void handle(HttpServerRequest request) {
    if (request.headers().contains(FETCHED)) {
      // Any page that somebody opens could hold the places of those who want to listen.
      refuse(request, 403, "not for pages in a browser");
      return;
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader(HttpHeaders.CONTENT_TYPE, NDJSON).end();
      return;
    }
    Optional<Listener> listener;
    try {
      listener = hub.listen(TailFilter.of(request.params()));
    } catch (IllegalArgumentException e) {
      refuse(request, 400, String.valueOf(e.getMessage()));
      return;
    }
    if (listener.isEmpty()) {
      refuse(request, 503, "as many listen as may");
      return;
    }
    new Stream(request.response(), listener.get()).begin();
  }

  private static void refuse(HttpServerRequest request, int status, String detail) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(JsonObject.of("status", detail).encode());
  }

  /** One listener's connection. Belongs to its event loop. */
  private final class Stream {
    private final HttpServerResponse response;
    private final Listener listener;
    private int silence;

    Stream(HttpServerResponse response, Listener listener) {
      this.response = response;
      this.listener = listener;
    }

    void begin() {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, NDJSON)
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .setChunked(true);
      // So that the client knows that it hears all from here on.
      response.write("\n");
      long timer = vertx.setPeriodic(LOOK_EVERY_MILLIS, _ -> look());
      response.exceptionHandler(_ -> {});
      response.endHandler(_ -> leave(timer));
      response.closeHandler(_ -> leave(timer));
    }

    private void leave(long timer) {
      vertx.cancelTimer(timer);
      hub.leave(listener);
    }

    /** What it does not take waits in its queue, up to the bound. */
    private void look() {
      if (response.writeQueueFull()) {
        return;
      }
      List<String> lines = listener.take();
      if (!lines.isEmpty()) {
        silence = 0;
        response.write(Buffer.buffer(String.join("\n", lines)).appendByte((byte) '\n'));
      } else if (++silence >= SILENT_LOOKS) {
        silence = 0;
        response.write("\n");
      }
    }
  }
}
