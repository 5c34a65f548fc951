package dev.gatehouse.controlplane.explain;

import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.RateLimit;
import java.util.UUID;

/**
 * How often explanations may be asked for. One who tries credentials this way is held up; so is who
 * asks a tenant's decision service. One for the process: which verticle a connection gets is
 * chance. Any thread.
 */
public final class ExplainLimits {
  private static final int PER_SECOND = 2;
  private static final int BURST = 20;

  private final RateLimit ofCallers = RateLimit.of("explain", PER_SECOND, BURST);
  private final RateLimit ofTenants = RateLimit.of("explain-tenant", PER_SECOND, BURST);

  /**
   * Takes one question of the caller, and one about the tenant.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code RATE_LIMITED}
   */
  void take(Caller caller, UUID tenant) {
    ofCallers.take(caller.user().map(UUID::toString).orElse(caller.tokenId()), 1);
    ofTenants.take(tenant.toString(), 1);
  }
}
