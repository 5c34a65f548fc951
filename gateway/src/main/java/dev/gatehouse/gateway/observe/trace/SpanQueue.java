package dev.gatehouse.gateway.observe.trace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/** Spans that wait to be sent. Whoever ends one never waits: what does not fit is dropped. */
public final class SpanQueue implements SpanProcessor {
  private final ArrayBlockingQueue<SpanData> waiting;
  private final Counter queued;
  private final Counter dropped;

  /**
   * @param capacity most that wait
   */
  public SpanQueue(int capacity, MeterRegistry registry) {
    this.waiting = new ArrayBlockingQueue<>(capacity);
    this.queued = counter(registry, "queued");
    this.dropped = counter(registry, "dropped");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("gatehouse.trace.spans")
        .description("Spans of requests that were sampled, by whether there was room for them")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Takes out those that have waited longest; empty if none waits. */
  public List<SpanData> take(int atMost) {
    List<SpanData> spans = new ArrayList<>();
    waiting.drainTo(spans, atMost);
    return spans;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    (waiting.offer(span.toSpanData()) ? queued : dropped).increment();
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }
}
