package dev.gatehouse.gateway.observe.trace;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.observe.TraceParent;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests become spans: one for the request, one for each attempt at an endpoint.
 * Any thread.
 */
public final class Tracing {
  /** Nothing is recorded; the trace that a client names is passed on. */
  public static final Tracing OFF = new Tracing(TracingConfig.DEFAULT, null);

  private final TracingConfig config;
  private final TraceIds ids = new TraceIds();
  private final @Nullable Tracer tracer;

  private Tracing(TracingConfig config, @Nullable SpanQueue queue, Resource resource) {
    this.config = config;
    this.tracer =
        queue == null
            ? null
            : SdkTracerProvider.builder()
                .setResource(resource)
                .setIdGenerator(ids)
                // What is not sampled gets no span at all, see begin.
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(queue)
                .build()
                .get("dev.gatehouse.gateway");
  }

  private Tracing(TracingConfig config, @Nullable SpanQueue queue) {
    this(config, queue, Resource.empty());
  }

  /** Nothing is recorded; only what becomes of the trace that a client names is as configured. */
  public static Tracing off(TracingConfig config) {
    return new Tracing(config, null);
  }

  /**
   * Records what is sampled.
   *
   * @param queue takes the spans that have ended
   * @param resource says of which process they are
   */
  public static Tracing into(TracingConfig config, SpanQueue queue, Resource resource) {
    return new Tracing(config, queue, resource);
  }

  /** Whether anything is recorded. */
  public boolean isOn() {
    return tracer != null;
  }

  /**
   * Which trace a request belongs to.
   *
   * @param sent what the client said of it; null if nothing
   */
  public TraceParent identify(@Nullable String sent) {
    return config.incoming() == IncomingTrace.RESTART
        ? TraceParent.generate()
        : TraceParent.of(sent);
  }

  /** Its span, from when the request began; null if it is not sampled. Allocates nothing then. */
  public @Nullable RequestSpan begin(Exchange exchange) {
    if (tracer == null || !isSampled(exchange)) {
      return null;
    }
    ids.next(exchange.traceParent().traceId());
    return RequestSpan.begin(tracer, exchange, clientsTrace(exchange));
  }

  private boolean isSampled(Exchange exchange) {
    if (config.incoming() == IncomingTrace.OBEY && exchange.traceParent().ofClient()) {
      return exchange.traceParent().isSampled();
    }
    Tenant tenant = exchange.tenant().orElse(null);
    return (tenant == null ? config.ratio() : config.ratioOf(tenant.slug())).takesThisOne();
  }

  /** What the client said, for a link, where the request is not in that trace; null if nothing. */
  private @Nullable TraceParent clientsTrace(Exchange exchange) {
    if (config.incoming() != IncomingTrace.RESTART) {
      return null;
    }
    TraceParent theirs = TraceParent.of(exchange.headers().traceParent());
    return theirs.ofClient() ? theirs : null;
  }

  /** A new trace is called as the request is, whose id it is in logs and answers. */
  private static final class TraceIds implements IdGenerator {
    private final ThreadLocal<@Nullable String> next = new ThreadLocal<>();

    void next(String traceId) {
      next.set(traceId);
    }

    @Override
    public String generateTraceId() {
      String given = next.get();
      return given == null ? IdGenerator.random().generateTraceId() : given;
    }

    @Override
    public String generateSpanId() {
      return IdGenerator.random().generateSpanId();
    }
  }
}
