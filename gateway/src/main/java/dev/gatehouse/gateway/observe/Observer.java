package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.Exchange;

/** Sees every request when it has ended: counts it and, where that is wanted, logs it. */
public final class Observer {
  private final RequestMetrics metrics;
  private final boolean accessLog;

  public Observer(ObserveConfig config, RequestMetrics metrics) {
    this.metrics = metrics;
    this.accessLog = config.accessLog();
  }

  /** Whether the stages' times are wanted. */
  public boolean timesStages() {
    return accessLog;
  }

  /** The response has been written, or the client is gone. Event loop of the request. */
  public void ended(Exchange exchange) {
    long nanos = System.nanoTime() - exchange.startNanos();
    metrics.record(exchange, nanos);
    if (accessLog) {
      AccessLog.write(exchange, nanos);
    }
  }
}
