package dev.gatehouse.gateway.resilience;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A real HTTP server behind the gateway whose answers a test decides. */
final class Backend implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  /** One request's head as it arrived. */
  record Seen(String method, String uri, List<String> headers) {
    /** All values of a header. */
    List<String> values(String name) {
      return headers.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  /**
   * @param answer what it does with a request, on its event loop
   */
  Backend(Handler<HttpServerRequest> answer) {
    this(new HttpServerOptions().setHost("127.0.0.1").setPort(0), answer);
  }

  Backend(HttpServerOptions options, Handler<HttpServerRequest> answer) {
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> {
              opened.incrementAndGet();
              open.incrementAndGet();
              connection.closeHandler(_ -> open.decrementAndGet());
            })
            .requestHandler(request -> {
              seen.add(
                  new Seen(
                      request.method().name(),
                      request.uri(),
                      request.headers().entries().stream()
                          .map(entry -> entry.getKey() + ": " + entry.getValue())
                          .toList()));
              request
                  .response()
                  .closeHandler(_ -> {
                    if (!request.response().ended()) {
                      cancelled.incrementAndGet();
                    }
                  })
                  .exceptionHandler(_ -> {});
              request.exceptionHandler(_ -> {});
              answer.handle(request);
            })
            .listen()
            .await();
  }

  /** One that answers everything with a status and a text. */
  static Backend answering(int status, String text) {
    return new Backend(request -> answer(request, status, text));
  }

  /** One that never answers. */
  static Backend silent() {
    return new Backend(_ -> {});
  }

  /** Answers after so many milliseconds. */
  static void answerLater(HttpServerRequest request, long millis, String text) {
    Vertx.currentContext().owner().setTimer(millis, _ -> request.response().end(text));
  }

  /** Answers when the request has been read. */
  static void answer(HttpServerRequest request, int status, String text) {
    request
        .body()
        .onSuccess(_ -> request.response().setStatusCode(status).end(Buffer.buffer(text)));
  }

  int port() {
    return server.actualPort();
  }

  List<Seen> seen() {
    return seen;
  }

  /** Requests that the gateway gave up. */
  int cancelled() {
    return cancelled.get();
  }

  /** Connections that were opened so far. */
  int connections() {
    return opened.get();
  }

  void awaitSeen(int count) {
    await(() -> seen.size() >= count, () -> seen.size() + " of " + count + " requests have come");
  }

  /** Waits until so many requests were given up by the gateway. */
  void awaitCancelled(int count) {
    await(
        () -> cancelled.get() >= count,
        () -> cancelled + " of " + count + " requests were cancelled");
  }

  /** Waits until the gateway holds no connection. */
  void awaitNoConnection() {
    await(() -> open.get() == 0, () -> open + " connections are open");
  }

  /** Waits for a condition, as long as no test should. */
  static void await(BooleanSupplier condition, Supplier<String> otherwise) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(otherwise.get());
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
