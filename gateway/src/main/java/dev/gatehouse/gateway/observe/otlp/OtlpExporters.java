package dev.gatehouse.gateway.observe.otlp;

import dev.gatehouse.gateway.observe.trace.SpanQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends metrics and spans to a collector, each on a thread of its own, one request at a time. What
 * a collector does not take within its time is dropped: metrics are cumulative, the next ones say
 * it all again; spans are gone.
 */
public final class OtlpExporters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpExporters.class);

  /** It would tell of every failure on its own, past the log. */
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final String METRICS = "metrics";
  private static final String TRACES = "traces";
  private static final int SPANS_AT_ONCE = 512;
  private static final long SPANS_EVERY_MILLIS = 500;
  private static final long LAST_MILLIS = 3_000;

  private final OtlpConfig config;
  private final MeterRegistry registry;
  private final List<Sender> senders = new ArrayList<>();

  /**
   * Begins to send; a collector that is not there is asked again and again.
   *
   * @param spans the spans to send
   * @param resource says of which process all is
   */
  public OtlpExporters(
      OtlpConfig config, MeterRegistry registry, SpanQueue spans, Resource resource) {
    this.config = config;
    this.registry = registry;
    LIBRARY.setLevel(Level.OFF);
    if (config.metrics()) {
      sendMetrics(resource);
    }
    if (config.traces()) {
      sendSpans(spans);
    }
  }

  /** What is exported where nothing is sent, so that what asks for it finds it. */
  public static void register(MeterRegistry registry) {
    for (String signal : List.of(METRICS, TRACES)) {
      Counter _ = counter(registry, signal, "sent");
      Counter _ = counter(registry, signal, "failed");
    }
  }

  private static Counter counter(MeterRegistry registry, String signal, String outcome) {
    return Counter.builder("gatehouse.otlp.exports")
        .description("Requests to the collector, by what they carried and what became of them")
        .tag("signal", signal)
        .tag("outcome", outcome)
        .register(registry);
  }

  private void sendMetrics(Resource resource) {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(config.urlOf("/v1/metrics"))
            .setCompression("gzip")
            .setRetryPolicy(null)
            .setTimeout(config.timeout());
    config.headers().forEach(builder::addHeader);
    OtlpHttpMetricExporter exporter = builder.build();
    long startNanos = epochNanos();
    Sender sender = new Sender(METRICS, exporter::shutdown);
    sender.every(
        config.interval().toMillis(),
        () ->
            sender.send(() ->
                exporter.export(MetricSnapshot.of(registry, resource, startNanos, epochNanos()))));
    senders.add(sender);
  }

  private void sendSpans(SpanQueue spans) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.urlOf("/v1/traces"))
            .setCompression("gzip")
            .setRetryPolicy(null)
            .setTimeout(config.timeout());
    config.headers().forEach(builder::addHeader);
    OtlpHttpSpanExporter exporter = builder.build();
    Sender sender = new Sender(TRACES, exporter::shutdown);
    sender.every(
        SPANS_EVERY_MILLIS,
        () -> {
          List<SpanData> batch = spans.take(SPANS_AT_ONCE);
          while (!batch.isEmpty()) {
            List<SpanData> sending = batch;
            if (!sender.send(() -> exporter.export(sending))) {
              return;
            }
            batch = spans.take(SPANS_AT_ONCE);
          }
        });
    senders.add(sender);
  }

  private static long epochNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /**
   * Sends what there is a last time, and ends. Blocks, for {@value #LAST_MILLIS} ms each at most.
   */
  @Override
  public void close() {
    senders.forEach(Sender::close);
  }

  /** One kind of data, and the thread that sends it. */
  private final class Sender {
    private final String signal;
    private final Supplier<CompletableResultCode> shutdown;
    private final ScheduledExecutorService thread;
    private final Counter sent;
    private final Counter failed;
    private Runnable last = () -> {};
    private boolean failing;

    Sender(String signal, Supplier<CompletableResultCode> shutdown) {
      this.signal = signal;
      this.shutdown = shutdown;
      this.thread =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("gatehouse-otlp-" + signal).factory());
      this.sent = counter(registry, signal, "sent");
      this.failed = counter(registry, signal, "failed");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its thread, and catches all.
    void every(long millis, Runnable action) {
      last = () -> guarded(action);
      thread.scheduleWithFixedDelay(last, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** What is thrown would end the schedule. */
    private void guarded(Runnable action) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.error("{} could not be made ready for the collector", signal, e);
      }
    }

    /** Whether the collector took it. Its thread only; blocks. */
    boolean send(Supplier<CompletableResultCode> request) {
      CompletableResultCode result =
          request.get().join(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (result.isSuccess()) {
        sent.increment();
        if (failing) {
          failing = false;
          LOG.info("the collector takes {} again", signal);
        }
        return true;
      }
      failed.increment();
      if (!failing) {
        failing = true;
        LOG.warn(
            "the collector at {} does not take {}, they are dropped until it does: {}",
            config.endpoint(),
            signal,
            Objects.requireNonNullElse(result.getFailureThrowable(), "no answer in time"));
      }
      return false;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Waited for as a whole.
    void close() {
      thread.execute(last);
      thread.shutdown();
      try {
        if (!thread.awaitTermination(LAST_MILLIS, TimeUnit.MILLISECONDS)) {
          thread.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      shutdown.get().join(1, TimeUnit.SECONDS);
    }
  }
}
