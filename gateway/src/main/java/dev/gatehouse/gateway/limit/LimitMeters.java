package dev.gatehouse.gateway.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What operators see of the limits.
 *
 * @param shared gauge {@value #SHARED}: 1 while limits hold over all gateways, 0 while each gateway
 *     limits alone
 * @param failures counter {@value #FAILURES}: failed attempts to reach Redis or to synchronise with
 *     it
 */
record LimitMeters(AtomicBoolean shared, Counter failures) {
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
    return new LimitMeters(shared, failures);
  }
}
