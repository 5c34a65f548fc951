package dev.gatehouse.controlplane.observe;

import dev.gatehouse.contract.BuildVersion;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.health.HealthService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Counts what this control plane does, and shows it with what the database says of the platform.
 * The number of series is bounded by those of the document's operations, kinds of jobs and
 * gateways. Any thread.
 */
public final class ControlPlaneMetrics implements AutoCloseable {
  private static final String NONE = "none";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();
  private final MeterProvider<Timer> requests;
  private final PlatformMetrics platform;

  /**
   * @param database whose connections are watched, and which is asked about the platform
   * @param tenantHealth says how many tenants do how
   */
  public ControlPlaneMetrics(Database database, HealthService tenantHealth, InstantSource clock) {
    collector.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    requests =
        Timer.builder("gatehouse.controlplane.requests")
            .description("Requests that were answered, by operation and class of status")
            .withRegistry(registry);
    Gauge.builder("gatehouse.build.info", () -> 1)
        .description("1, with the version of the program")
        .tag("version", BuildVersion.of(ControlPlaneMetrics.class))
        .register(registry);
    Gauge.builder("gatehouse.controlplane.database.connections", database, Database::inUse)
        .description("Connections to the database that somebody works with")
        .register(registry);
    Gauge.builder("gatehouse.controlplane.database.waiting", database, Database::waiting)
        .description("Who waits for a connection to the database")
        .register(registry);
    platform = new PlatformMetrics(database, tenantHealth, clock, registry);
  }

  /**
   * Counts the request when it has been answered. Streams to gateways last, and are not counted.
   */
  void watch(RoutingContext context) {
    long begin = System.nanoTime();
    context.addEndHandler(_ -> {
      String operation = context.get(Api.OPERATION, NONE);
      requests
          .withTags(
              "operation", operation, "status", context.response().getStatusCode() / 100 + "xx")
          .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    });
    context.next();
  }

  /** All, as Prometheus reads it. Blocks: virtual threads only. */
  String scrape() {
    platform.read();
    return registry.scrape();
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
