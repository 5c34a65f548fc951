package dev.gatehouse.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.WebSocketClient;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients that live until their Vert.x is closed: it closes one that nothing holds, and the
 * connections that it has opened or is about to open.
 */
public final class TestClients {
  private static final Queue<Object> HELD = new ConcurrentLinkedQueue<>();

  private TestClients() {}

  public static HttpClientAgent http(Vertx vertx, HttpClientOptions options) {
    return held(vertx.createHttpClient(options));
  }

  public static WebSocketClient webSocket(Vertx vertx) {
    return held(vertx.createWebSocketClient());
  }

  private static <T> T held(T client) {
    HELD.add(client);
    return client;
  }
}
