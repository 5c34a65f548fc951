package dev.gatehouse.loadtests.upstream;

import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.Programs;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An application that can do only so much: {@link Workers} take its requests, and what they cannot
 * take waits here, in the order in which it came, whoever sent it. Answers with {@link
 * Upstream#BODY_LENGTH} bytes. A program of its own.
 */
public final class BusyUpstream extends VerticleBase {
  private static final long SEED = 20261127;
  private static final Buffer BODY = Buffer.buffer("x".repeat(Upstream.BODY_LENGTH));

  private final int port;
  private final Workers workers;

  private BusyUpstream(int port, Workers workers) {
    this.port = port;
    this.workers = workers;
  }

  /**
   * Runs until the process is told to stop.
   *
   * @param args the port, how many workers, their mean time in milliseconds
   */
  public static void main(String[] args) {
    Workers workers =
        new Workers(
            Integer.parseInt(args[1]), Double.parseDouble(args[2]), SEED, System.nanoTime());
    Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
        .deployVerticle(new BusyUpstream(Integer.parseInt(args[0]), workers))
        .await();
  }

  /**
   * Starts one in a process of its own, on the core of the load.
   *
   * @param folder for its log
   * @throws IOException if it cannot be run
   */
  public static Child inOwnProcess(
      Cores cores, int port, int workers, double meanMillis, Path folder) throws IOException {
    List<String> command =
        Programs.java(
            List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"),
            BusyUpstream.class.getName(),
            Integer.toString(port),
            Integer.toString(workers),
            Double.toString(meanMillis));
    return Child.start(cores.forLoad(command), folder.resolve("upstream.log"));
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer(new HttpServerOptions().setAcceptBacklog(4096))
        .requestHandler(this::serve)
        .listen(port, "127.0.0.1");
  }

  private void serve(HttpServerRequest request) {
    long now = System.nanoTime();
    long left = TimeUnit.NANOSECONDS.toMillis(workers.take(now) - now);
    vertx.setTimer(Math.max(1, left), _ -> request.response().end(BODY));
  }
}
