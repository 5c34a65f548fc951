package dev.gatehouse.gateway.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late an event loop does what it is to do: {@code gatehouse.eventloop.lag}. A loop
 * that is late answers every one of its requests late.
 */
public final class LoopLag {
  private static final long EVERY_MILLIS = 100;

  private LoopLag() {}

  /**
   * Begins to measure the event loop that it is called on; ends with its verticle.
   *
   * @param loop how it is called in the metric
   */
  public static void measure(Vertx vertx, String loop, MeterRegistry registry) {
    Timer timer =
        Timer.builder("gatehouse.eventloop.lag")
            .description("How late an event loop did what was due")
            .tag("loop", loop)
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofSeconds(1))
            .register(registry);
    plan(vertx, timer);
  }

  /** Each time anew: what is late must not be taken for what comes after it. */
  private static void plan(Vertx vertx, Timer timer) {
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
    vertx.setTimer(
        EVERY_MILLIS,
        _ -> {
          timer.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
          plan(vertx, timer);
        });
  }
}
