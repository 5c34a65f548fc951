package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.rejection.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what somebody was asked about callers, by what came of it. Any thread. */
public final class VerdictMeters {
  private final Counter letIn;
  private final Counter refused;
  private final Counter unavailable;

  /**
   * @param letIn what the outcome is called that lets the caller in
   */
  public VerdictMeters(MeterRegistry metrics, String name, String description, String letIn) {
    this.letIn = counter(metrics, name, description, letIn);
    this.refused = counter(metrics, name, description, "refused");
    this.unavailable = counter(metrics, name, description, "unavailable");
  }

  /** Counts one. */
  public void count(Verdict verdict) {
    switch (verdict) {
      case Verdict.LetIn _ -> letIn.increment();
      case Verdict.Refused(Rejection.IdentityProviderUnavailable _) -> unavailable.increment();
      case Verdict.Refused _, Verdict.Nothing _ -> refused.increment();
    }
  }

  private static Counter counter(
      MeterRegistry metrics, String name, String description, String outcome) {
    return Counter.builder(name).description(description).tag("outcome", outcome).register(metrics);
  }
}
