package dev.gatehouse.gateway.observe.trace;

import dev.gatehouse.gateway.bounds.Bound;
import java.util.Map;

/**
 * Which requests become spans. Without {@code observe.otlp} none does.
 *
 * @param incoming what becomes of the trace that a client names (default {@link
 *     IncomingTrace#CONTINUE})
 * @param ratio which part of the requests is sampled, from 0 to 1 (default 0.01)
 * @param tenants another part for single tenants, by slug (default none)
 * @param queue most spans that wait to be sent (default 4096)
 */
public record TracingConfig(
    IncomingTrace incoming,
    SampleRatio ratio,
    Map<String, SampleRatio> tenants,
    @Bound(
            unit = "spans",
            atIt = "one more is dropped",
            metric = "gatehouse_trace_spans_total{outcome=\"dropped\"}")
        int queue) {
  /** The defaults. */
  public static final TracingConfig DEFAULT =
      new TracingConfig(IncomingTrace.CONTINUE, new SampleRatio(0.01), Map.of(), 4096);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public TracingConfig {
    tenants = Map.copyOf(tenants);
    if (tenants.size() > 10_000) {
      throw new IllegalArgumentException("tenants must be at most 10000, found " + tenants.size());
    }
    if (queue < 1 || queue > 1_000_000) {
      throw new IllegalArgumentException("queue must be between 1 and 1000000, found " + queue);
    }
  }

  /** Which part of a tenant's requests is sampled. */
  SampleRatio ratioOf(String slug) {
    return tenants.isEmpty() ? ratio : tenants.getOrDefault(slug, ratio);
  }
}
