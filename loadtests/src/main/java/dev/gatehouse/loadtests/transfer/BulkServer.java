package dev.gatehouse.loadtests.transfer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An upstream for large bodies: {@code GET /BYTES} answers with so many bytes; a body sent to
 * {@code /RATE} is read at so many bytes a second, or as fast as it comes where that is 0, and its
 * length answered.
 */
public final class BulkServer implements AutoCloseable {
  private static final int BLOCK = 1 << 16;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private BulkServer(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free loopback port. */
  public static BulkServer start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    BulkServer bulk = new BulkServer(server);
    server.setExecutor(bulk.threads);
    server.createContext("/", BulkServer::handle);
    server.start();
    return bulk;
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void handle(HttpExchange exchange) throws IOException {
    long number = Long.parseLong(exchange.getRequestURI().getPath().substring(1));
    try (exchange) {
      if (exchange.getRequestMethod().equals("GET")) {
        send(exchange, number);
      } else {
        receive(exchange, number);
      }
    }
  }

  private static void send(HttpExchange exchange, long bytes) throws IOException {
    exchange.sendResponseHeaders(200, bytes);
    byte[] block = new byte[BLOCK];
    OutputStream out = exchange.getResponseBody();
    for (long left = bytes; left > 0; left -= BLOCK) {
      out.write(block, 0, (int) Math.min(left, BLOCK));
    }
  }

  private static void receive(HttpExchange exchange, long bytesPerSecond) throws IOException {
    long start = System.nanoTime();
    long received = 0;
    byte[] block = new byte[BLOCK];
    InputStream in = exchange.getRequestBody();
    for (int read = in.read(block); read >= 0; read = in.read(block)) {
      received += read;
      if (bytesPerSecond > 0) {
        long due = start + received * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
    byte[] answer = Long.toString(received).getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
