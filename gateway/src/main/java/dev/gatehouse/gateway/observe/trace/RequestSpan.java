package dev.gatehouse.gateway.observe.trace;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.observe.TraceParent;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.upstream.Target;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is recorded of a request that is sampled. Belongs to the request's event loop. */
public final class RequestSpan {
  private static final TextMapGetter<Exchange> SENT = new Sent();

  private final Tracer tracer;
  private final Span span;
  private final Context context;

  private RequestSpan(Tracer tracer, Span span, Context parent) {
    this.tracer = tracer;
    this.span = span;
    this.context = parent.with(span);
  }

  static RequestSpan begin(Tracer tracer, Exchange exchange, @Nullable TraceParent link) {
    HttpServerRequest request = exchange.request();
    SpanBuilder builder =
        tracer
            .spanBuilder(HttpAttributes.methodOf(request.method()))
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(epochNanos(exchange.startNanos()), NANOSECONDS)
            .setAttribute(HttpAttributes.METHOD, HttpAttributes.methodOf(request.method()))
            .setAttribute(HttpAttributes.SCHEME, exchange.scheme())
            .setAttribute(HttpAttributes.PATH, HttpAttributes.pathOf(request.uri()))
            .setAttribute(HttpAttributes.CLIENT, exchange.client().address())
            .setAttribute(
                HttpAttributes.PROTOCOL_VERSION, HttpAttributes.versionOf(request.version()));
    HostAndPort authority = request.authority();
    if (authority != null) {
      builder.setAttribute(HttpAttributes.SERVER, authority.host());
    }
    Context parent = Context.root();
    if (exchange.traceParent().ofClient()) {
      parent = W3CTraceContextPropagator.getInstance().extract(parent, exchange, SENT);
      builder.setParent(parent);
    } else {
      builder.setNoParent();
    }
    if (link != null) {
      builder.addLink(
          SpanContext.createFromRemoteParent(
              link.traceId(),
              link.parentId(),
              link.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
              TraceState.getDefault()));
    }
    return new RequestSpan(tracer, builder.startSpan(), parent);
  }

  /** One more attempt begins. */
  public AttemptSpan attempt(Exchange exchange, Target target, int retries) {
    return AttemptSpan.begin(tracer, context, exchange, target, retries);
  }

  /** 16 hexadecimal digits. */
  public String id() {
    return span.getSpanContext().getSpanId();
  }

  /** What names it as the parent of whoever is told so. */
  public String header() {
    return TraceParent.ofSampled(span.getSpanContext().getTraceId(), id());
  }

  /** The response has been written, or the client is gone. */
  public void end(Exchange exchange) {
    int status = exchange.request().response().getStatusCode();
    span.setAttribute(HttpAttributes.STATUS, status);
    Tenant tenant = exchange.tenant().orElse(null);
    if (tenant != null) {
      span.setAttribute(HttpAttributes.TENANT_ID, tenant.id());
      span.setAttribute(HttpAttributes.TENANT_SLUG, tenant.slug());
    }
    Routed routed = exchange.routed().orElse(null);
    if (routed != null) {
      String route = routed.route().path();
      span.updateName(HttpAttributes.methodOf(exchange.request().method()) + " " + route);
      span.setAttribute(HttpAttributes.ROUTE, route);
      span.setAttribute(HttpAttributes.SERVICE, routed.service().name());
    }
    if (!exchange.refusal().isEmpty()) {
      span.setAttribute(HttpAttributes.REFUSAL, exchange.refusal());
    }
    if (status >= 500) {
      span.setAttribute(
          HttpAttributes.ERROR,
          exchange.refusal().isEmpty() ? String.valueOf(status) : exchange.refusal());
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private static long epochNanos(long nanoTime) {
    Instant now = Instant.now();
    long sinceThen = System.nanoTime() - nanoTime;
    return now.getEpochSecond() * 1_000_000_000L + now.getNano() - sinceThen;
  }

  /** What the client said of its trace. */
  private static final class Sent implements TextMapGetter<Exchange> {
    @Override
    @SuppressWarnings("deprecation") // It must be there still.
    public Iterable<String> keys(Exchange exchange) {
      return List.of("traceparent", "tracestate");
    }

    @Override
    public @Nullable String get(@Nullable Exchange exchange, String name) {
      if (exchange == null) {
        return null;
      }
      return name.equals("traceparent")
          ? exchange.headers().traceParent()
          : exchange.headers().traceState();
    }
  }
}
