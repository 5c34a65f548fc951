package dev.gatehouse.contract.verifying;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes keys on the loopback, and can stop to. */
final class KeyServer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile String jwks;
  private volatile boolean up = true;

  KeyServer(String jwks, String next) throws IOException {
    this.jwks = jwks;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/jwks.json", this::answer);
    server.createContext("/down", exchange -> turn(exchange, false));
    server.createContext("/up", exchange -> turn(exchange, true));
    server.createContext(
        "/rotate",
        exchange -> {
          this.jwks = next;
          turn(exchange, true);
        });
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  int fetches() {
    return fetches.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    fetches.incrementAndGet();
    byte[] body = jwks.getBytes(UTF_8);
    exchange.sendResponseHeaders(up ? 200 : 503, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void turn(HttpExchange exchange, boolean to) throws IOException {
    up = to;
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
