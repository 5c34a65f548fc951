package dev.gatehouse.gateway.authenticate.jwt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts tokens that were seen for the first time. */
final class TokenMeters {
  private static final String NAME = "gatehouse.tokens";

  private final Counter verified;
  private final Counter waiting;
  private final Counter unavailable;
  private final Map<TokenFault, Counter> refused = new EnumMap<>(TokenFault.class);

  TokenMeters(MeterRegistry metrics) {
    this.verified = counter(metrics, "verified");
    this.waiting = counter(metrics, "waited-for-keys");
    this.unavailable = counter(metrics, "keys-unavailable");
    for (TokenFault fault : TokenFault.values()) {
      refused.put(fault, counter(metrics, fault.wireName()));
    }
  }

  void count(TokenVerifier.Outcome outcome) {
    switch (outcome) {
      case TokenVerifier.Outcome.Verified _ -> verified.increment();
      case TokenVerifier.Outcome.KeysWanted _ -> waiting.increment();
      case TokenVerifier.Outcome.KeysUnavailable _ -> unavailable.increment();
      case TokenVerifier.Outcome.Refused(TokenFault fault) -> refused(fault);
    }
  }

  private void refused(TokenFault fault) {
    Counter counter = refused.get(fault);
    if (counter != null) {
      counter.increment();
    }
  }

  private static Counter counter(MeterRegistry metrics, String outcome) {
    return Counter.builder(NAME)
        .description("Bearer tokens that were not verified before")
        .tag("outcome", outcome)
        .register(metrics);
  }
}
