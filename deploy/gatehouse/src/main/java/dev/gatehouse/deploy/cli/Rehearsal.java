package dev.gatehouse.deploy.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.deploy.config.ConfigReader;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/**
 * Starts a gateway with one tenant, asks it once and stops it, all on loopback: so that the classes
 * that it loaded are in the archive before the first real start.
 */
final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long REVISION = 1;

  private Rehearsal() {}

  /**
   * Runs it; blocks until it is over.
   *
   * @throws IOException if it is not allowed to open ports or to write to the folder for temporary
   *     files, or the gateway does not forward
   * @throws TimeoutException if it does not get ready within a minute
   */
  static void run() throws IOException, InterruptedException, TimeoutException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    CountDownLatch over = new CountDownLatch(1);
    HttpServer others = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    int port = others.getAddress().getPort();
    others.setExecutor(task -> Thread.ofVirtual().start(task));
    others.createContext(FeedMessage.FEED_PATH, exchange -> feed(exchange, port, over));
    others.createContext("/", Rehearsal::greet);
    others.start();
    try (Gateway gateway = Gateway.start(config(port))) {
      gateway.awaitReady(PATIENCE);
      String answer = ask(new InetSocketAddress(loopback, gateway.httpPort()));
      if (!answer.startsWith("HTTP/1.1 204 ")) {
        throw new IOException("a request at rehearsal was answered: " + answer);
      }
    } finally {
      over.countDown();
      others.stop(0);
    }
  }

  private static GatewayConfig config(int port) throws IOException {
    Path file = Files.createTempFile("gatehouse-rehearsal", ".yaml");
    try {
      Files.writeString(
          file,
          """
          http: {host: 127.0.0.1, port: 0}
          admin: {host: 127.0.0.1, port: 0}
          baseDomain: rehearsal.test
          feed: {url: "http://127.0.0.1:%d", token: %s}
          eventLoops: 1
          """
              .formatted(port, SecretToken.generate(SecretToken.Kind.GATEWAY).reveal()));
      return new ConfigReader(Map.of()).read(file, GatewayConfig.class);
    } finally {
      Files.delete(file);
    }
  }

  private static void feed(HttpExchange exchange, int port, CountDownLatch over)
      throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(lines(port).getBytes(StandardCharsets.UTF_8));
      out.flush();
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void greet(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static String lines(int port) {
    StringBuilder lines = new StringBuilder();
    line(lines, new FeedMessage.SnapshotBegin(REVISION));
    objects(port).forEach(object -> line(lines, new FeedMessage.Upsert(REVISION, object)));
    line(lines, new FeedMessage.SnapshotEnd(REVISION));
    line(lines, new FeedMessage.Heartbeat(REVISION));
    return lines.toString();
  }

  private static List<EdgeObject> objects(int port) {
    Instant now = Instant.now();
    String key = SigningKeys.generate();
    return List.of(
        EdgeService.of("app", List.of(new EdgeService.Endpoint("127.0.0.1", port))),
        EdgeRoute.toService(UUID.randomUUID(), "/", "app"),
        new EdgeSigningKey(
            SigningKeys.kidOf(key), key, now.minus(PATIENCE), now.plus(Duration.ofHours(1))),
        new EdgeTenant(
            UUID.randomUUID(),
            new Slug("acme"),
            TenantStatus.ACTIVE,
            List.of(),
            Set.of(AuthenticationMethod.ANONYMOUS),
            EdgeLimits.NONE));
  }

  private static void line(StringBuilder lines, FeedMessage message) {
    lines.append(FeedCodec.encode(message)).append('\n');
  }

  private static String ask(InetSocketAddress gateway) throws IOException {
    try (Socket socket = new Socket(gateway.getAddress(), gateway.getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: acme.rehearsal.test\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
