package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.Balancing;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.Retries;
import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.route.Edits;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.sign.SigningStage;
import dev.gatehouse.gateway.upstream.EndpointTls;
import dev.gatehouse.gateway.upstream.HashKey;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One service as one event loop sends requests to it: its settings, with the gateway's defaults in
 * the place of those that it leaves open, and its connections. Made anew when the service changes.
 */
final class UpstreamService {
  private static final String GRPC = "application/grpc";

  private final EdgeService edge;
  private final HttpClient client;
  private final HttpClient tunnels;
  private final EndpointTls tls;
  private final EndpointTls tunnelTls;
  private final RetryPolicy retries;
  private final Balancing balancing;
  private final long connectMillis;
  private final long responseNanos;
  private final long totalNanos;
  private final long clientIdleNanos;
  private final long streamIdleNanos;
  private final PaceConfig pace;
  private final @Nullable RequestSigner signer;

  /**
   * @param clients its connections
   * @param signing has the keys for what is signed as a whole
   */
  UpstreamService(
      EdgeService edge, ForwardConfig config, UpstreamClients clients, SigningStage signing) {
    this.edge = edge;
    this.signer = RequestSigner.of(edge, signing);
    this.client = clients.of(edge);
    this.tunnels = clients.tunnels();
    this.tls = clients.tlsOf(edge);
    this.tunnelTls = clients.tunnelTlsOf(edge);
    this.balancing = edge.balancing().orElse(Balancing.DEFAULT);
    this.retries = RetryPolicy.of(edge.retries().orElse(Retries.DEFAULT));
    this.connectMillis = edge.connectTimeout().orElse(config.connectTimeout()).toMillis();
    this.responseNanos = edge.responseTimeout().orElse(config.responseTimeout()).toNanos();
    this.totalNanos = edge.totalTimeout().map(Duration::toNanos).orElse(0L);
    this.clientIdleNanos = config.clientIdle().toNanos();
    this.streamIdleNanos = config.streamIdle().toNanos();
    this.pace = config.pace();
  }

  /** What the control plane said of it. */
  EdgeService edge() {
    return edge;
  }

  /** When a request is sent again. */
  RetryPolicy retries() {
    return retries;
  }

  /** How long a body may stand still, in nanoseconds. */
  long idleNanos(boolean awaitsClient) {
    return awaitsClient ? clientIdleNanos : streamIdleNanos;
  }

  /** How fast a request's body must come at least; a call of gRPC may be a stream. */
  MinimumRate bodyRate(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith(GRPC) ? pace.ofStream() : pace.ofBody();
  }

  /** How slow clients may be. */
  PaceConfig pace() {
    return pace;
  }

  /**
   * Until when a request that begins now must be answered; {@link InFlight.Entry#NO_DEADLINE} where
   * neither the route nor the service says so.
   */
  long lastNanos(Edits edits, long nowNanos) {
    long total = edits.totalTimeout().map(Duration::toNanos).orElse(totalNanos);
    return total == 0 ? InFlight.Entry.NO_DEADLINE : nowNanos + total;
  }

  /**
   * Until when a request whose first attempt was sent now must be answered, where nobody says so: a
   * second attempt after one that was not answered in time gets half of the time.
   */
  long lastNanosByDefault(long sentNanos) {
    return sentNanos + responseNanos + responseNanos / 2;
  }

  /** Until when an attempt that was sent now must be answered. */
  long answerBy(long lastNanos) {
    long end = System.nanoTime() + responseNanos;
    return lastNanos == InFlight.Entry.NO_DEADLINE || end - lastNanos < 0 ? end : lastNanos;
  }

  /** Opens a connection to an endpoint, or takes one that is there. */
  Future<HttpClientRequest> connect(Signed signed, Target target) {
    boolean tunnel = Upgrade.isWanted(signed);
    RequestOptions request = requestTo(signed, target).setConnectTimeout(connectMillis);
    (tunnel ? tunnelTls : tls).apply(request, target.endpoint());
    return (tunnel ? tunnels : client).request(request);
  }

  /** How long a body may be that must be read whole; empty if bodies are passed on as they come. */
  OptionalInt mostDigested() {
    return signer == null ? OptionalInt.empty() : signer.mostDigested();
  }

  /**
   * Gives a request on a new connection all its headers, with a signature where the service wants
   * one.
   *
   * @param body what will be sent after them; null for nothing
   * @param trace what the endpoint is told of the trace; null for what all are told
   * @throws Rejection if it cannot be signed
   */
  void prepare(
      Signed signed,
      HttpClientRequest sending,
      @Nullable RequestBody body,
      @Nullable String trace) {
    prepare(
        signed,
        sending,
        body instanceof WholeBody whole ? whole.digest() : ContentDigest.OF_NOTHING,
        trace == null ? signed.exchange().traceHeader() : trace);
  }

  /**
   * The same.
   *
   * @param digest what {@code Content-Digest} says of the body, where bodies are digested
   * @param trace what {@code traceparent} says
   */
  void prepare(Signed signed, HttpClientRequest sending, String digest, String trace) {
    String authority = UpstreamHeaders.write(signed, sending, trace);
    if (signer != null) {
      signer.sign(signed, sending, authority, digest);
    }
  }

  /** What consistent hashing keeps together; 0 where the service does not use it. */
  long hashKeyOf(Signed signed) {
    return HashKey.of(signed, balancing);
  }

  /** What is asked of an endpoint. */
  private static RequestOptions requestTo(Signed signed, Target target) {
    return new RequestOptions()
        .setServer(target.address())
        .setMethod(signed.exchange().request().method())
        .setURI(signed.request().target());
  }
}
