package dev.gatehouse.gateway.authenticate.certificate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts chains of certificates that were not known. */
public final class CertificateMeters {
  private static final String NAME = "gatehouse.client.certificates";

  private final Counter verified;
  private final Map<CertificateFault, Counter> refused = new EnumMap<>(CertificateFault.class);

  public CertificateMeters(MeterRegistry metrics) {
    this.verified = counter(metrics, "verified");
    for (CertificateFault fault : CertificateFault.values()) {
      refused.put(fault, counter(metrics, fault.wireName()));
    }
  }

  /** Counts one. */
  public void count(TenantAuthorities.Verdict verdict) {
    switch (verdict) {
      case TenantAuthorities.Verdict.Vouched _ -> verified.increment();
      case TenantAuthorities.Verdict.Refused(CertificateFault fault) -> {
        Counter counter = refused.get(fault);
        if (counter != null) {
          counter.increment();
        }
      }
    }
  }

  private static Counter counter(MeterRegistry metrics, String outcome) {
    return Counter.builder(NAME)
        .description("Chains of client certificates that were not verified before")
        .tag("outcome", outcome)
        .register(metrics);
  }
}
