package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.observe.otlp.OtlpConfig;
import dev.gatehouse.gateway.observe.otlp.OtlpExporters;
import dev.gatehouse.gateway.observe.tail.TailHub;
import dev.gatehouse.gateway.observe.trace.SpanQueue;
import dev.gatehouse.gateway.observe.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that one gateway tells of its requests, and to whom. */
public final class Telemetry implements AutoCloseable {
  private final Observer observer;
  private final TailHub tail;
  private final @Nullable OtlpExporters exporters;

  /**
   * @param gatewayName unique among the gateways of the platform
   */
  public Telemetry(ObserveConfig config, String gatewayName, MeterRegistry registry) {
    this.tail = new TailHub(config.tail(), registry);
    SpanQueue spans = new SpanQueue(config.tracing().queue(), registry);
    OtlpExporters.register(registry);
    Optional<OtlpConfig> otlp = config.otlp();
    Tracing tracing = Tracing.off(config.tracing());
    if (otlp.isPresent()) {
      Resource resource = resourceOf(otlp.get(), gatewayName);
      exporters = new OtlpExporters(otlp.get(), registry, spans, resource);
      tracing = otlp.get().traces() ? Tracing.into(config.tracing(), spans, resource) : tracing;
    } else {
      exporters = null;
    }
    this.observer =
        new Observer(config, new RequestMetrics(config.metrics(), registry), tracing, tail);
  }

  private static Resource resourceOf(OtlpConfig config, String gatewayName) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", "gatehouse-gateway")
            .put("service.instance.id", gatewayName);
    String version = Telemetry.class.getPackage().getImplementationVersion();
    if (version != null) {
      attributes.put("service.version", version);
    }
    config.attributes().forEach(attributes::put);
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  /** Sees every request when it has ended. */
  public Observer observer() {
    return observer;
  }

  /** Who listens to the live access log. */
  public TailHub tail() {
    return tail;
  }

  /** Sends what is left to send. Blocks. */
  @Override
  public void close() {
    if (exporters != null) {
      exporters.close();
    }
  }
}
