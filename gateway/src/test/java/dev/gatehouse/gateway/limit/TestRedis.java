package dev.gatehouse.gateway.limit;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import redis.embedded.RedisServer;

/** A Redis server of a test's own, which it may stop, start and empty. */
final class TestRedis implements AutoCloseable {
  private final RedisServer server;
  private final Redis client;

  TestRedis(Vertx vertx) throws IOException {
    server =
        RedisServer.builder()
            .port(freePort())
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .build();
    server.start();
    client = Redis.createClient(vertx, url());
  }

  String url() {
    return "redis://127.0.0.1:" + server.ports().getFirst();
  }

  void stop() throws IOException {
    server.stop();
  }

  void start() throws IOException {
    server.start();
  }

  Response send(Command command, Object... args) throws Exception {
    return client
        .send(Request.cmd(command, args))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.stop();
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
