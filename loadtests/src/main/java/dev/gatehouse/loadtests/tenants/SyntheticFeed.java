package dev.gatehouse.loadtests.tenants;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.security.SecurityReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A control plane that knows nothing but one snapshot of {@link SyntheticTenants}: streams it to
 * every gateway that asks, then beats. The lines are encoded once, when it starts, so that a
 * gateway's cold start is measured and not this.
 */
public final class SyntheticFeed implements AutoCloseable {
  private static final long REVISION = 1;
  private static final int HEARTBEAT_SECONDS = 2;
  private static final int MOST_REPORTS = 10_000;

  private final byte[] snapshot;
  private final byte[] heartbeat = line(new FeedMessage.Heartbeat(REVISION));
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final BlockingQueue<SecurityReport> reports = new LinkedBlockingQueue<>(MOST_REPORTS);
  private final String jwks;

  private SyntheticFeed(byte[] snapshot, HttpServer server, String jwks) {
    this.snapshot = snapshot;
    this.server = server;
    this.jwks = jwks;
  }

  /**
   * Starts on a free loopback port.
   *
   * @param upstreamPort where the tenants' one service listens
   * @throws IOException if no port can be bound
   */
  public static SyntheticFeed start(SyntheticTenants tenants, int upstreamPort) throws IOException {
    return start(tenants, upstreamPort, List.of());
  }

  /**
   * Starts on a free loopback port.
   *
   * @param upstreamPort where the tenants' one service listens
   * @param more services and routes beside it
   * @throws IOException if no port can be bound
   */
  public static SyntheticFeed start(
      SyntheticTenants tenants, int upstreamPort, List<EdgeObject> more) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String signingKey = SigningKeys.generate();
    SyntheticFeed feed =
        new SyntheticFeed(
            snapshotOf(tenants, upstreamPort, signingKey, more),
            server,
            SigningKeys.publicJwks(List.of(signingKey)));
    server.setExecutor(feed.threads);
    server.createContext(FeedMessage.FEED_PATH, feed::stream);
    server.createContext(FeedMessage.APPLIED_PATH, SyntheticFeed::acknowledge);
    server.createContext(SecurityReport.PATH, feed::takeReport);
    server.start();
    return feed;
  }

  /** Where a gateway finds it. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The JWKS that verifies what gateways sign. */
  public String jwks() {
    return jwks;
  }

  /** Cuts every connection. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", FeedMessage.MEDIA_TYPE);
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!isUpToDate(exchange.getRequestURI())) {
        out.write(snapshot);
      }
      do {
        out.write(heartbeat);
        out.flush();
      } while (!closed.await(HEARTBEAT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isUpToDate(URI uri) {
    return ("&" + uri.getQuery() + "&").contains("&since=" + REVISION + "&");
  }

  /** What gateways have told the audit trail, since the last time that it was asked for. */
  public List<SecurityReport> takeReports() {
    List<SecurityReport> taken = new ArrayList<>();
    reports.drainTo(taken);
    return taken;
  }

  private void takeReport(HttpExchange exchange) throws IOException {
    boolean taken = reports.offer(SecurityReport.decode(exchange.getRequestBody().readAllBytes()));
    exchange.sendResponseHeaders(taken ? 204 : 503, -1);
    exchange.close();
  }

  private static void acknowledge(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static byte[] snapshotOf(
      SyntheticTenants tenants, int upstreamPort, String signingKey, List<EdgeObject> more) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes(line(new FeedMessage.SnapshotBegin(REVISION)));
    Stream.concat(tenants.objects(upstreamPort, signingKey), more.stream())
        .forEach(object -> lines.writeBytes(line(new FeedMessage.Upsert(REVISION, object))));
    lines.writeBytes(line(new FeedMessage.SnapshotEnd(REVISION)));
    return lines.toByteArray();
  }

  private static byte[] line(FeedMessage message) {
    return (FeedCodec.encode(message) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
