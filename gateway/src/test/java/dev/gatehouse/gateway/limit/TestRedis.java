package dev.gatehouse.gateway.limit;

import dev.gatehouse.backends.EmbeddedRedis;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A Redis server of a test's own, which it may stop, freeze, start again and empty. */
final class TestRedis implements AutoCloseable {
  private final Path directory;
  private final Redis client;
  private EmbeddedRedis server;

  TestRedis(Vertx vertx, Path directory) {
    this.directory = directory;
    server = EmbeddedRedis.start(directory, 0);
    client =
        Redis.createClient(vertx, new RedisOptions().setConnectionString(url()).setMaxPoolSize(1));
  }

  String url() {
    return server.url();
  }

  /** The address of this server for somebody else. */
  String url(String user, String password) {
    return "redis://%s:%s@127.0.0.1:%d".formatted(user, password, server.port());
  }

  /** Ends the server without giving it the time to say so. */
  void kill() throws Exception {
    ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
    server.onExit().get(10, TimeUnit.SECONDS);
    server.close();
  }

  /** Starts the server again, on the same port. */
  void start() {
    server = EmbeddedRedis.start(directory, server.port());
  }

  /** Makes the server accept connections and answer nothing. */
  void freeze() throws Exception {
    signal("STOP");
  }

  void thaw() throws Exception {
    signal("CONT");
  }

  Response send(Command command, Object... args) throws Exception {
    return client
        .send(Request.cmd(command, args))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /** Waits until so many clients are connected, of which {@link #send} is one. */
  void awaitConnections(int expected) throws Exception {
    while (send(Command.CLIENT, "LIST").toString().lines().count() != expected) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(server.pid())).start().waitFor();
  }
}
