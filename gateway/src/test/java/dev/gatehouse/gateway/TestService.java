package dev.gatehouse.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A service that a tenant names: it answers as it is told, and remembers what it was asked. */
public final class TestService implements AutoCloseable {
  /** What it was asked. */
  public record Asked(String method, String uri, MultiMap headers, String body) {}

  public final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** Addresses and ports that it was called from. */
  public final Set<String> connections = ConcurrentHashMap.newKeySet();

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private volatile BiConsumer<Asked, HttpServerResponse> answer = (_, response) -> response.end();
  private volatile boolean holds;

  public TestService() {
    server = vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1").await();
  }

  private void take(HttpServerRequest request) {
    connections.add(request.connection().remoteAddress().toString());
    request
        .body()
        .onSuccess(body -> {
          Asked question = asked(request, body);
          asked.add(question);
          Runnable answering = () -> answer.accept(question, request.response());
          if (holds) {
            held.add(answering);
          } else {
            answering.run();
          }
        });
  }

  private static Asked asked(HttpServerRequest request, Buffer body) {
    return new Asked(request.method().name(), request.uri(), request.headers(), body.toString());
  }

  /** From now on it answers so. */
  public void answers(BiConsumer<Asked, HttpServerResponse> other) {
    answer = other;
  }

  /** From now on it answers no more, until {@link #release()}. */
  public void hold() {
    holds = true;
  }

  public void release() {
    holds = false;
    List<Runnable> all = new ArrayList<>();
    for (Runnable one = held.poll(); one != null; one = held.poll()) {
      all.add(one);
    }
    all.forEach(one -> vertx.runOnContext(_ -> one.run()));
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
