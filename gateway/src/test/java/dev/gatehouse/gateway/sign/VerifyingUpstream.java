package dev.gatehouse.gateway.sign;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.contract.signature.Component;
import dev.gatehouse.contract.signature.Message;
import dev.gatehouse.contract.signature.MessageVerifier;
import dev.gatehouse.contract.signature.SignatureRefusedException;
import dev.gatehouse.contract.signature.VerificationPolicy;
import dev.gatehouse.contract.signature.VerifiedSignature;
import dev.gatehouse.contract.signature.VerifyingKeys;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server behind the gateway that sees requests as they come over the wire, HTTP/1.1 or
 * HTTP/2, and verifies their signatures.
 */
public final class VerifyingUpstream implements AutoCloseable {
  /** What the gateway says that it covers, whatever the service. */
  public static final List<String> COVERED =
      List.of(
          "@method",
          "@authority",
          "@path",
          "@query",
          "x-tenant-id",
          "x-tenant-slug",
          "x-tenant-context");

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private final AtomicInteger toRefuse = new AtomicInteger();
  private final AtomicInteger toKeepWaiting = new AtomicInteger();
  private final HttpServer server;

  /** A request as it came. */
  public record Arrived(
      HttpVersion version,
      String method,
      String authority,
      String path,
      String query,
      MultiMap headers,
      Buffer body)
      implements Message.Request {
    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public List<String> header(String name) {
      return headers.getAll(name);
    }

    /** The same with another value of one header. */
    public Arrived with(String name, String value) {
      MultiMap changed = MultiMap.caseInsensitiveMultiMap().addAll(headers).set(name, value);
      return new Arrived(version, method, authority, path, query, changed, body);
    }

    /** The same at another path. */
    public Arrived at(String other) {
      return new Arrived(version, method, authority, other, query, headers, body);
    }

    /** What was signed, as the verifier that applications have sees it. */
    public VerifiedSignature verified(String service, VerifyingKeys keys, boolean digest)
        throws SignatureRefusedException {
      VerificationPolicy policy =
          new VerificationPolicy(
              "gatehouse",
              COVERED.stream().map(Component::of).toList(),
              Duration.ofSeconds(60),
              Duration.ofSeconds(5),
              Optional.of(service));
      MessageVerifier verifier = new MessageVerifier(policy, keys);
      return digest ? verifier.verify(this, body.getBytes()) : verifier.verify(this);
    }

    /** The nonce of its signature. */
    public String nonce(String service, VerifyingKeys keys) throws SignatureRefusedException {
      return verified(service, keys, false).parameters().nonce().orElseThrow();
    }
  }

  public VerifyingUpstream() {
    server = vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").await();
  }

  /** A service with this as its only endpoint. */
  public EdgeService service(String name, Protocol protocol) {
    EdgeService plain =
        EdgeService.of(name, List.of(new EdgeService.Endpoint("127.0.0.1", server.actualPort())));
    return new EdgeService(
        name,
        plain.endpoints(),
        Optional.of(protocol),
        plain.connectTimeout(),
        plain.responseTimeout(),
        plain.totalTimeout(),
        plain.balancing(),
        plain.healthCheck(),
        plain.outlierDetection(),
        plain.circuitBreaker(),
        plain.retries(),
        plain.concurrency(),
        plain.compression(),
        plain.messageSignature(),
        plain.tls(),
        Optional.empty());
  }

  /** Answers so many of the next requests with 503. */
  public void refuseNext(int count) {
    toRefuse.set(count);
  }

  /** Does not answer so many of the next requests. */
  public void keepNextWaiting(int count) {
    toKeepWaiting.set(count);
  }

  /** The next request that came. */
  public Arrived next() throws InterruptedException {
    Arrived next = arrived.poll(15, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no request has come");
    }
    return next;
  }

  /** Whether nothing has come. */
  public boolean isUntouched() {
    return arrived.isEmpty();
  }

  private void handle(HttpServerRequest request) {
    if ("websocket".equals(lower(request.getHeader("Upgrade")))) {
      arrived.add(of(request, Buffer.buffer()));
      request
          .toWebSocket()
          .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage));
      return;
    }
    request
        .body()
        .onSuccess(body -> {
          arrived.add(of(request, body));
          if (toKeepWaiting.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            return;
          }
          boolean refused = toRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
          request.response().setStatusCode(refused ? 503 : 200).end("done");
        });
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  private static Arrived of(HttpServerRequest request, Buffer body) {
    int mark = request.uri().indexOf('?');
    String host = request.getHeader("Host");
    return new Arrived(
        request.version(),
        request.method().name(),
        host == null ? String.valueOf(request.authority()) : host,
        mark < 0 ? request.uri() : request.uri().substring(0, mark),
        mark < 0 ? "" : request.uri().substring(mark),
        MultiMap.caseInsensitiveMultiMap().addAll(request.headers()),
        body);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
