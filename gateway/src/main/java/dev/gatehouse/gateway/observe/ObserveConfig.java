package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.observe.otlp.OtlpConfig;
import dev.gatehouse.gateway.observe.tail.TailConfig;
import dev.gatehouse.gateway.observe.trace.TracingConfig;
import java.util.Optional;

/**
 * What is told about requests.
 *
 * @param accessLog whether each request is logged, one JSON document a line (default true)
 * @param logSubjects whether the access log names who called, where that is known (default false)
 * @param metrics how many series there may be
 * @param tracing which requests become spans
 * @param otlp where metrics and spans are sent; nowhere if absent
 * @param tail the live access log at the admin port
 */
public record ObserveConfig(
    boolean accessLog,
    boolean logSubjects,
    MetricsConfig metrics,
    TracingConfig tracing,
    Optional<OtlpConfig> otlp,
    TailConfig tail) {
  /** The defaults. */
  public static final ObserveConfig DEFAULT = new ObserveConfig(true);

  /** With all else at its default. */
  public ObserveConfig(boolean accessLog) {
    this(
        accessLog,
        false,
        MetricsConfig.DEFAULT,
        TracingConfig.DEFAULT,
        Optional.empty(),
        TailConfig.DEFAULT);
  }
}
