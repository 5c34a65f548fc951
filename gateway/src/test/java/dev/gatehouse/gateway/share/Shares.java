package dev.gatehouse.gateway.share;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Shares of one event loop that has a gateway for itself. */
final class Shares {
  private Shares() {}

  static ServiceShare fixed(
      int maxRequests, int maxWaiting, int maxWaitingPerTenant, ManualTime time) {
    return new ServiceShare(
        TestTenants.fixed(maxRequests, maxWaiting, maxWaitingPerTenant),
        ShareKey.shared("app"),
        1,
        time,
        new ServiceMeters(new SimpleMeterRegistry(), "app"),
        new AdaptiveLimit(1));
  }
}
