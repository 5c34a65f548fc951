package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.Retries;
import dev.gatehouse.gateway.route.Edits;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.Lease;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/**
 * One service as one event loop sends requests to it: its settings, with the gateway's defaults in
 * the place of those that it leaves open, and its connections. Made anew when the service changes.
 */
final class UpstreamService {
  private final EdgeService edge;
  private final HttpClient client;
  private final RetryPolicy retries;
  private final long connectMillis;
  private final long responseNanos;
  private final long totalNanos;
  private final long idleNanos;

  UpstreamService(EdgeService edge, ForwardConfig config, HttpClient client) {
    this.edge = edge;
    this.client = client;
    this.retries = RetryPolicy.of(edge.retries().orElse(Retries.DEFAULT));
    this.connectMillis = edge.connectTimeout().orElse(config.connectTimeout()).toMillis();
    this.responseNanos = edge.responseTimeout().orElse(config.responseTimeout()).toNanos();
    this.totalNanos = edge.totalTimeout().map(Duration::toNanos).orElse(0L);
    this.idleNanos = config.streamIdle().toNanos();
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
  long idleNanos() {
    return idleNanos;
  }

  /** Until when a request that begins now must be answered; {@link InFlight.Entry#NO_DEADLINE}. */
  long lastNanos(Edits edits, long nowNanos) {
    long total = edits.totalTimeout().map(Duration::toNanos).orElse(totalNanos);
    return total == 0 ? InFlight.Entry.NO_DEADLINE : nowNanos + total;
  }

  /** Until when an attempt that was sent now must be answered. */
  long answerBy(long lastNanos) {
    long end = System.nanoTime() + responseNanos;
    return lastNanos == InFlight.Entry.NO_DEADLINE || end - lastNanos < 0 ? end : lastNanos;
  }

  /** Opens a connection to an endpoint, or takes one that is there. */
  Future<HttpClientRequest> connect(Signed signed, Lease lease) {
    return client.request(requestTo(signed, lease).setConnectTimeout(connectMillis));
  }

  /** What is asked of an endpoint. */
  static RequestOptions requestTo(Signed signed, Lease lease) {
    return new RequestOptions()
        .setServer(lease.address())
        .setHost(lease.endpoint().host())
        .setPort(lease.endpoint().port())
        .setSsl(lease.endpoint().tls())
        .setMethod(signed.exchange().request().method())
        .setURI(signed.request().target());
  }
}
