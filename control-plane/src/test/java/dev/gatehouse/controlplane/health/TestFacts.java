package dev.gatehouse.controlplane.health;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.controlplane.health.Facts.BlueprintFault;
import dev.gatehouse.controlplane.health.Facts.CertificateFault;
import dev.gatehouse.controlplane.health.Facts.DomainFault;
import dev.gatehouse.controlplane.health.Facts.KeyFault;
import dev.gatehouse.controlplane.health.Facts.QuotaUse;
import dev.gatehouse.controlplane.health.Facts.Withheld;
import dev.gatehouse.controlplane.health.Traffic.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/** Tenants of whom nothing is known but what a test says. */
final class TestFacts {
  static final Instant NOW = Instant.parse("2026-11-16T12:30:00Z");

  private TestFacts() {}

  static Facts nothing() {
    return with(Optional.empty(), OptionalDouble.empty());
  }

  static Facts with(Optional<Traffic> traffic, OptionalDouble usualMillis) {
    return new Facts(
        new UUID(0, 1),
        NOW,
        traffic,
        usualMillis,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  static Facts asked(long requests, long failed, long limited) {
    return with(Optional.of(traffic(requests, failed, limited, 4)), OptionalDouble.empty());
  }

  /** All of these requests took so long. */
  static Facts took(long requests, double millis, OptionalDouble usualMillis) {
    return with(Optional.of(traffic(requests, 0, 0, millis)), usualMillis);
  }

  static Traffic traffic(long requests, long failed, long limited, double millis) {
    List<Long> latency = new ArrayList<>(Collections.nCopies(LatencyBuckets.COUNT, 0L));
    latency.set(LatencyBuckets.indexOf((long) (millis * 1000)), requests);
    return new Traffic(
        Window.TEN_MINUTES, requests, failed, limited, latency, requests, Optional.empty());
  }

  static Facts at(
      Instant at, Optional<Long> perSecond, Optional<Traffic> traffic, List<QuotaUse> quotas) {
    return new Facts(
        new UUID(0, 1),
        at,
        traffic,
        OptionalDouble.empty(),
        perSecond,
        quotas,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  static Facts known(
      List<CertificateFault> certificates,
      List<DomainFault> domains,
      List<BlueprintFault> blueprints,
      List<KeyFault> keys,
      Optional<Withheld> withheld) {
    return new Facts(
        new UUID(0, 1),
        NOW,
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        List.of(),
        certificates,
        domains,
        blueprints,
        keys,
        withheld);
  }
}
