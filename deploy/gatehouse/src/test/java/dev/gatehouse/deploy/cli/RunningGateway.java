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

/** A gateway with two tenants, acme and globex, that let everybody in. */
final class RunningGateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final HttpServer others;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Gateway gateway;

  RunningGateway(Path folder) throws Exception {
    others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    others.setExecutor(task -> Thread.ofVirtual().start(task));
    others.createContext(FeedMessage.FEED_PATH, this::feed);
    others.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    others.start();
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        http: {host: 127.0.0.1, port: 0}
        admin: {host: 127.0.0.1, port: 0}
        baseDomain: example.test
        feed: {url: "http://127.0.0.1:%d", token: %s}
        eventLoops: 1
        observe:
          accessLog: false
          tracing: {ratio: 0.25, tenants: {acme: 1}, incoming: restart}
          otlp: {endpoint: "http://127.0.0.1:1", headers: {X-Key: word}, interval: 1h}
        """
            .formatted(port(), SecretToken.generate(SecretToken.Kind.GATEWAY).reveal()));
    gateway = Gateway.start(new ConfigReader(Map.of()).read(file, GatewayConfig.class));
    gateway.awaitReady(PATIENCE);
  }

  private int port() {
    return others.getAddress().getPort();
  }

  String admin() {
    return "http://127.0.0.1:" + gateway.adminPort();
  }

  /** Asks once; gives the answer's first line. */
  String ask(String tenant, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.httpPort())) {
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: %s.example.test\r\nConnection: close\r\n\r\n"
                  .formatted(path, tenant)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElseThrow();
    }
  }

  private void feed(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      StringBuilder lines = new StringBuilder();
      line(lines, new FeedMessage.SnapshotBegin(1));
      objects().forEach(object -> line(lines, new FeedMessage.Upsert(1, object)));
      line(lines, new FeedMessage.SnapshotEnd(1));
      line(lines, new FeedMessage.Heartbeat(1));
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<EdgeObject> objects() {
    Instant now = Instant.now();
    String key = SigningKeys.generate();
    return List.of(
        EdgeService.of("app", List.of(new EdgeService.Endpoint("127.0.0.1", port()))),
        EdgeRoute.toService(UUID.randomUUID(), "/", "app"),
        new EdgeSigningKey(
            SigningKeys.kidOf(key), key, now.minus(PATIENCE), now.plus(Duration.ofHours(1))),
        tenant("acme"),
        tenant("globex"));
  }

  private static EdgeTenant tenant(String slug) {
    return new EdgeTenant(
        UUID.randomUUID(),
        new Slug(slug),
        TenantStatus.ACTIVE,
        List.of(),
        Set.of(AuthenticationMethod.ANONYMOUS),
        EdgeLimits.NONE);
  }

  private static void line(StringBuilder lines, FeedMessage message) {
    lines.append(FeedCodec.encode(message)).append('\n');
  }

  @Override
  public void close() {
    gateway.close();
    over.countDown();
    others.stop(0);
  }
}
