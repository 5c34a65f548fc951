package dev.gatehouse.controlplane.observe;

import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.health.HealthService;
import dev.gatehouse.controlplane.observe.PlatformReading.Count;
import dev.gatehouse.controlplane.observe.PlatformReading.Gateway;
import dev.gatehouse.controlplane.observe.PlatformReading.Jobs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
  private final HealthService tenantHealth;
  private final InstantSource clock;
  private final List<Series> all = new ArrayList<>();
  private final ReentrantLock reading = new ReentrantLock();
  private Instant readAt = Instant.MIN;
  private volatile double checkpointAge = Double.NaN;
  private volatile boolean up;

  PlatformMetrics(
      Database database, HealthService tenantHealth, InstantSource clock, MeterRegistry registry) {
    this.database = database;
    this.tenantHealth = tenantHealth;
    this.clock = clock;
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.tenants").description("Tenants, by status"),
        found -> rows("status", found.tenants(), Count::name, Count::number));
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.tenants.health")
            .description("Active tenants, by how they do"),
        found -> rows("state", found.health(), Count::name, Count::number));
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.jobs.running")
            .description("Background jobs that are done now"),
        found -> rows("kind", found.jobs(), Jobs::kind, Jobs::running));
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.jobs.failing")
            .description("Background jobs that failed and are tried again"),
        found -> rows("kind", found.jobs(), Jobs::kind, Jobs::failing));
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.jobs.late")
            .description("For how long the oldest job that nobody does has been due")
            .baseUnit("seconds"),
        found -> rows("kind", found.jobs(), Jobs::kind, Jobs::lateSeconds));
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.gateway.lag.revisions")
            .description("Changes that the gateway has not applied"),
        found -> rows("gateway", found.gateways(), Gateway::name, Gateway::lag));
    add(
        registry,
        MultiGauge.builder("gatehouse.platform.gateway.silence")
            .description(
                "How long ago the gateway was last heard of; after a while it is forgotten")
            .baseUnit("seconds"),
        found -> rows("gateway", found.gateways(), Gateway::name, Gateway::silenceSeconds));
    Gauge.builder("gatehouse.platform.audit.checkpoint.age", () -> checkpointAge)
        .description("Since the audit trail was last signed; NaN before the first time")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gatehouse.controlplane.database.up", () -> up ? 1 : 0)
        .description("1 while the database answers")
        .register(registry);
  }

  /** Gauges of one name, and what a reading says of them. */
  private record Series(MultiGauge gauge, Function<PlatformReading, List<Row<?>>> rows) {}

  private void add(
      MeterRegistry registry,
      MultiGauge.Builder gauge,
      Function<PlatformReading, List<Row<?>>> rows) {
    all.add(new Series(gauge.register(registry), rows));
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
      return Optional.of(
          database.withConnection(connection -> PlatformReading.of(connection, tenantHealth)));
    } catch (ProblemException _) {
      return Optional.empty();
    }
  }

  /** In place of all that was shown before. */
  private void show(Optional<PlatformReading> found) {
    checkpointAge = found.map(PlatformReading::checkpointAgeSeconds).orElse(Double.NaN);
    all.forEach(
        series -> series.gauge().register(found.map(series.rows()).orElse(List.of()), true));
  }

  private static <T> List<Row<?>> rows(
      String label, List<T> all, Function<T, String> name, ToDoubleFunction<T> number) {
    return all.stream()
        .<Row<?>>map(one -> Row.of(Tags.of(label, name.apply(one)), number.applyAsDouble(one)))
        .toList();
  }
}
