package dev.gatehouse.gateway.authenticate.introspection;

import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.rejection.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what authorization servers were asked, by what came of it. */
final class IntrospectionMeters {
  private final Counter active;
  private final Counter refused;
  private final Counter unavailable;

  IntrospectionMeters(MeterRegistry metrics) {
    this.active = counter(metrics, "active");
    this.refused = counter(metrics, "refused");
    this.unavailable = counter(metrics, "unavailable");
  }

  void count(Verdict verdict) {
    switch (verdict) {
      case Verdict.LetIn _ -> active.increment();
      case Verdict.Refused(Rejection.IdentityProviderUnavailable _) -> unavailable.increment();
      case Verdict.Refused _, Verdict.Nothing _ -> refused.increment();
    }
  }

  private static Counter counter(MeterRegistry metrics, String outcome) {
    return Counter.builder("gatehouse.introspections")
        .description("Tokens that an authorization server was asked about")
        .tag("outcome", outcome)
        .register(metrics);
  }
}
