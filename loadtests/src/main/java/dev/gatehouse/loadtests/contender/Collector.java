package dev.gatehouse.loadtests.contender;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes all that is sent to it by OTLP, and forgets it. */
final class Collector implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private Collector(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", Collector::take);
    server.start();
  }

  static Collector start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new Collector(HttpServer.create(any, 0));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      long _ = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
