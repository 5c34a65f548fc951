package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.observe.tail.TailHub;
import dev.gatehouse.gateway.observe.trace.RequestSpan;
import dev.gatehouse.gateway.observe.trace.Tracing;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Sees every request when it has ended: counts it and, where that is wanted, tells of it. */
public final class Observer {
  private final ObserveConfig config;
  private final RequestMetrics metrics;
  private final Tracing tracing;
  private final TailHub tail;

  /**
   * @param tracing records what is sampled
   * @param tail tells whoever listens
   */
  public Observer(ObserveConfig config, RequestMetrics metrics, Tracing tracing, TailHub tail) {
    this.config = config;
    this.metrics = metrics;
    this.tracing = tracing;
    this.tail = tail;
  }

  /**
   * A request begins.
   *
   * @param ended told once, when it is over
   */
  public Exchange newExchange(
      HttpServerRequest request, ClientAddress client, Consumer<Exchange> ended) {
    boolean timed = config.accessLog() || tail.isHeard();
    return new Exchange(request, client, timed, tracing, ended);
  }

  /**
   * The response has been written, or the client is gone. Event loop of the request.
   *
   * @param nanos how long it took
   */
  public void ended(Exchange exchange, long nanos) {
    metrics.record(exchange, nanos);
    RequestSpan span = exchange.span();
    if (span != null) {
      span.end(exchange);
    }
    if (config.accessLog() || tail.isHeard()) {
      String line = AccessLog.lineOf(exchange, nanos, config.logSubjects());
      if (config.accessLog()) {
        AccessLog.write(line);
      }
      tail.tell(exchange, line);
    }
  }
}
