package dev.gatehouse.gateway;

import dev.gatehouse.contract.edge.EdgeService;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real HTTP server behind the gateway that remembers what it was sent. */
public final class RecordingUpstream implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** Reaches zero when a request that was not answered has been cancelled. */
  public final CountDownLatch abandoned = new CountDownLatch(1);

  /** With what the first WebSocket that was closed was closed; null for nothing. */
  final CompletableFuture<@Nullable Short> closeCode = new CompletableFuture<>();

  /** When it completes, requests that wait are answered. */
  final Promise<Void> released = Promise.promise();

  /** One request as it arrived. */
  public record Received(String method, String uri, List<String> headers, String body) {
    /** All values of a header, with the name in any case. */
    public List<String> values(String name) {
      return headers.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  public RecordingUpstream() {
    server =
        vertx
            .createHttpServer()
            .webSocketHandler(socket -> {
              received.add(new Received("WEBSOCKET", socket.uri(), lines(socket.headers()), ""));
              socket.textMessageHandler(text -> socket.writeTextMessage("echo " + text));
              socket.closeHandler(_ -> closeCode.complete(socket.closeStatusCode()));
            })
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
            .listen(0, "127.0.0.1")
            .await();
  }

  public int port() {
    return server.actualPort();
  }

  public EdgeService service(String name) {
    return EdgeService.of(name, List.of(new EdgeService.Endpoint("127.0.0.1", port())));
  }

  public List<Received> received() {
    return received;
  }

  /** Waits until that many requests have arrived. */
  public void awaitReceived(int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (received.size() < count) {
      if (System.nanoTime() > end) {
        throw new AssertionError("only " + received.size() + " requests arrived");
      }
      Thread.onSpinWait();
    }
  }

  public Received last() {
    return received.getLast();
  }

  private void answer(HttpServerRequest request, Buffer body) {
    received.add(
        new Received(
            request.method().name(), request.uri(), lines(request.headers()), body.toString()));
    // Vert.x throws at a query that is badly encoded, which the gateway leaves to the upstream.
    String mode = request.uri().contains("mode=") ? String.valueOf(request.getParam("mode")) : "";
    switch (mode) {
      case "stamp-other" ->
          request.response().putHeader("X-Tenant-Id", "00000000-0000-7000-8000-000000000000").end();
      case "stamp-own" ->
          request.response().putHeader("X-Tenant-Id", request.getHeader("X-Tenant-Id")).end();
      case "stamp-both" -> {
        request.response().headers().add("X-Tenant-Id", request.getHeader("X-Tenant-Id"));
        request.response().headers().add("X-Tenant-Id", "00000000-0000-7000-8000-000000000000");
        request.response().end("00000000's data");
      }
      case "hop" ->
          request
              .response()
              .putHeader("Connection", "X-Secret")
              .putHeader("X-Secret", "1")
              .putHeader("Keep-Alive", "timeout=5")
              .putHeader("X-Tenant-Foo", "1")
              .putHeader("X-Kept", "1")
              .end("ok");
      case "silent" -> request.response().closeHandler(_ -> abandoned.countDown());
      case "wait" -> released.future().onSuccess(_ -> request.response().end("waited"));
      case "endless" -> {
        request.response().setChunked(true).write("tick");
        long ticks = vertx.setPeriodic(20, _ -> request.response().write("tick"));
        request
            .response()
            .closeHandler(_ -> {
              vertx.cancelTimer(ticks);
              abandoned.countDown();
            });
      }
      case "cut" -> request.connection().close();
      case "cut-in-body" -> {
        request.response().putHeader("Content-Length", "100").write("half");
        vertx.setTimer(50, _ -> request.connection().close());
      }
      case "large" -> request.response().end(Buffer.buffer(new byte[5_000_000]));
      case "records" -> request.response().putHeader("X-Record-Count", "500").end("[]");
      case "chunked" -> {
        request.response().setChunked(true).write("one ");
        vertx.setTimer(20, _ -> request.response().end("two"));
      }
      case "101" -> request.response().setStatusCode(101).end();
      case "999" -> request.response().setStatusCode(999).end();
      case "204" -> request.response().setStatusCode(204).end();
      case "304" -> request.response().setStatusCode(304).putHeader("ETag", "\"1\"").end();
      case "redirect" ->
          request.response().setStatusCode(302).putHeader("Location", "/elsewhere").end();
      default -> {
        Buffer described = describe(request, body);
        request
            .response()
            .putHeader("Content-Type", "application/json")
            .putHeader("Content-Length", Integer.toString(described.length()))
            .end(described);
      }
    }
  }

  private static Buffer describe(HttpServerRequest request, Buffer body) {
    return JsonObject.of("method", request.method().name(), "uri", request.uri())
        .put("bytes", body.length())
        .put("tenant", request.getHeader("X-Tenant-Id"))
        .toBuffer();
  }

  private static List<String> lines(MultiMap headers) {
    return headers.entries().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
