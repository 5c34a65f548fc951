package dev.gatehouse.gateway.observe.trace;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.observe.TraceParent;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.upstream.Outcome;
import dev.gatehouse.gateway.upstream.Target;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.net.SocketAddress;
import java.util.Locale;

/** What is recorded of one attempt at an endpoint. Belongs to the request's event loop. */
public final class AttemptSpan {
  private final Span span;
  private int status;

  private AttemptSpan(Span span) {
    this.span = span;
  }

  static AttemptSpan begin(
      Tracer tracer, Context parent, Exchange exchange, Target target, int retries) {
    String method = HttpAttributes.methodOf(exchange.request().method());
    SocketAddress address = target.address();
    String host = target.endpoint().host();
    Routed routed = exchange.routed().orElse(null);
    String path =
        HttpAttributes.pathOf(routed == null ? exchange.request().uri() : routed.target());
    SpanBuilder builder =
        tracer
            .spanBuilder(method)
            .setParent(parent)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(HttpAttributes.METHOD, method)
            .setAttribute(HttpAttributes.SERVER, host)
            .setAttribute(HttpAttributes.SERVER_PORT, address.port())
            .setAttribute(HttpAttributes.PEER, address.host())
            // Without the query, which may hold secrets.
            .setAttribute(
                HttpAttributes.URL,
                (target.endpoint().tls() ? "https://" : "http://")
                    + host
                    + ":"
                    + address.port()
                    + path);
    if (routed != null) {
      builder.setAttribute(HttpAttributes.SERVICE, routed.service().name());
    }
    if (retries > 0) {
      builder.setAttribute(HttpAttributes.RESENT, retries);
    }
    return new AttemptSpan(builder.startSpan());
  }

  /** What names it as the parent of whoever is told so. */
  public String header() {
    return TraceParent.ofSampled(
        span.getSpanContext().getTraceId(), span.getSpanContext().getSpanId());
  }

  /** The answer begins. */
  public void answered(int statusCode) {
    status = statusCode;
    span.setAttribute(HttpAttributes.STATUS, statusCode);
  }

  /** It is over. */
  public void end(Outcome outcome) {
    if (outcome != Outcome.SUCCESS) {
      span.setAttribute(
          HttpAttributes.ERROR,
          status >= 400 ? String.valueOf(status) : outcome.name().toLowerCase(Locale.ROOT));
      span.setStatus(StatusCode.ERROR);
    } else if (status >= 400) {
      span.setAttribute(HttpAttributes.ERROR, String.valueOf(status));
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
