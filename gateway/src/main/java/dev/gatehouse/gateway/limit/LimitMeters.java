package dev.gatehouse.gateway.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What operators see of the limits.
 *
 * @param shared gauge {@value #SHARED}: 1 while limits hold over all gateways, 0 while each gateway
 *     limits alone
 * @param failures counter {@value #FAILURES}: failed attempts to reach Redis or to synchronise with
 *     it
 * @param syncs timer {@value #SYNCS}: how long Redis took for one report
 */
record LimitMeters(AtomicBoolean shared, Counter failures, Timer syncs) {
  static final String SYNCS = "gatehouse.limit.sync";
  static final String SHARED = "gatehouse.limit.shared";
  static final String FAILURES = "gatehouse.limit.sync.failures";

  static LimitMeters register(MeterRegistry registry) {
    AtomicBoolean shared = new AtomicBoolean();
    Gauge.builder(SHARED, shared, flag -> flag.get() ? 1 : 0)
        .description("1 while rate limits hold over all gateways, 0 while this one limits alone")
        .strongReference(true)
        .register(registry);
    Counter failures =
        Counter.builder(FAILURES)
            .description("Failed attempts to reach Redis or to synchronise rate limits with it")
            .register(registry);
    Timer syncs =
        Timer.builder(SYNCS)
            .description("How long Redis took for one report of rate limits")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofMillis(500))
            .register(registry);
    return new LimitMeters(shared, failures, syncs);
  }
}
