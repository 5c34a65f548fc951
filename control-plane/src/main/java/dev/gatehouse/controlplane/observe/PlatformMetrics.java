package dev.gatehouse.controlplane.observe;

import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of what the database says of the platform. It is read when they are asked for, and not
 * more often than every five seconds, whoever asks; while it does not answer there are none.
 */
final class PlatformMetrics {
  private static final Duration AT_MOST_EVERY = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource clock;
  private final MultiGauge tenants;
  private final MultiGauge health;
  private final MultiGauge running;
  private final MultiGauge failing;
  private final MultiGauge late;
  private final MultiGauge lag;
  private final MultiGauge silence;
  private final ReentrantLock reading = new ReentrantLock();
  private Instant readAt = Instant.MIN;
  private volatile double checkpointAge = Double.NaN;
  private volatile boolean up;

  PlatformMetrics(Database database, InstantSource clock, MeterRegistry registry) {
    this.database = database;
    this.clock = clock;
    this.tenants = gauge(registry, "gatehouse.platform.tenants", "Tenants, by status");
    this.health =
        gauge(registry, "gatehouse.platform.tenants.health", "Active tenants, by how they do");
    this.running =
        gauge(registry, "gatehouse.platform.jobs.running", "Background jobs that are done now");
    this.failing =
        gauge(
            registry,
            "gatehouse.platform.jobs.failing",
            "Background jobs that failed and are tried again");
    this.late =
        MultiGauge.builder("gatehouse.platform.jobs.late")
            .description("For how long the oldest job that nobody does has been due")
            .baseUnit("seconds")
            .register(registry);
    this.lag =
        gauge(
            registry,
            "gatehouse.platform.gateway.lag.revisions",
            "Changes that the gateway has not applied");
    this.silence =
        MultiGauge.builder("gatehouse.platform.gateway.silence")
            .description(
                "How long ago the gateway was last heard of; after a while it is forgotten")
            .baseUnit("seconds")
            .register(registry);
    Gauge.builder("gatehouse.platform.audit.checkpoint.age", () -> checkpointAge)
        .description("Since the audit trail was last signed; NaN before the first time")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gatehouse.controlplane.database.up", () -> up ? 1 : 0)
        .description("1 while the database answers")
        .register(registry);
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Reads anew, if it is time. Blocks: virtual threads only. */
  void read() {
    reading.lock();
    try {
      Instant now = clock.instant();
      if (now.isBefore(readAt.plus(AT_MOST_EVERY))) {
        return;
      }
      Optional<PlatformReading> found = ask();
      up = found.isPresent();
      if (up) {
        readAt = now;
      }
      show(found);
    } finally {
      reading.unlock();
    }
  }

  private Optional<PlatformReading> ask() {
    try {
      return Optional.of(database.withConnection(PlatformReading::of));
    } catch (ProblemException _) {
      return Optional.empty();
    }
  }

  private void show(Optional<PlatformReading> found) {
    checkpointAge = found.map(PlatformReading::checkpointAgeSeconds).orElse(Double.NaN);
    List<PlatformReading.Jobs> jobs = found.map(PlatformReading::jobs).orElse(List.of());
    List<PlatformReading.Gateway> gateways = found.map(PlatformReading::gateways).orElse(List.of());
    show(
        tenants,
        "status",
        found.map(PlatformReading::tenants).orElse(List.of()),
        PlatformReading.Count::name,
        PlatformReading.Count::number);
    show(
        health,
        "state",
        found.map(PlatformReading::health).orElse(List.of()),
        PlatformReading.Count::name,
        PlatformReading.Count::number);
    show(running, "kind", jobs, PlatformReading.Jobs::kind, PlatformReading.Jobs::running);
    show(failing, "kind", jobs, PlatformReading.Jobs::kind, PlatformReading.Jobs::failing);
    show(late, "kind", jobs, PlatformReading.Jobs::kind, PlatformReading.Jobs::lateSeconds);
    show(lag, "gateway", gateways, PlatformReading.Gateway::name, PlatformReading.Gateway::lag);
    show(
        silence,
        "gateway",
        gateways,
        PlatformReading.Gateway::name,
        PlatformReading.Gateway::silenceSeconds);
  }

  /** In place of all that it showed before. */
  private static <T> void show(
      MultiGauge gauge,
      String label,
      List<T> all,
      Function<T, String> name,
      ToDoubleFunction<T> number) {
    List<Row<?>> rows =
        all.stream()
            .<Row<?>>map(one -> Row.of(Tags.of(label, name.apply(one)), number.applyAsDouble(one)))
            .toList();
    gauge.register(rows, true);
  }
}
