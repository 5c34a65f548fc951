package dev.gatehouse.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Clients that stay: Vert.x closes one that nothing holds, and the connections that it opened. */
public final class TestClients {
  private static final Queue<HttpClientAgent> HELD = new ConcurrentLinkedQueue<>();

  private TestClients() {}

  /** One that lives until its Vert.x is closed. */
  public static HttpClientAgent http(Vertx vertx, HttpClientOptions options) {
    HttpClientAgent client = vertx.createHttpClient(options);
    HELD.add(client);
    return client;
  }
}
