package dev.gatehouse.deploy.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** Answers as a test wants it. */
final class FakeControlPlane implements AutoCloseable {
  private final HttpServer server;

  private FakeControlPlane(HttpServer server) {
    this.server = server;
  }

  static FakeControlPlane start(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", handler);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return new FakeControlPlane(server);
  }

  /** Reads the request and answers it. */
  static void answer(HttpExchange exchange, int status, String json) throws IOException {
    long _ = exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
