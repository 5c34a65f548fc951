package dev.gatehouse.controlplane.health;

import java.util.Locale;

/** How a tenant does, in a word; the better first. */
public enum HealthState {
  /** Nothing is wrong, or little. */
  HEALTHY,
  /** Something is wrong, and most of what the tenant does works. */
  DEGRADED,
  /** Much of what the tenant does does not work, or will not soon. */
  UNHEALTHY,
  /** Too little is known to say anything. */
  UNKNOWN;

  private static final int HEALTHY_FROM = 80;
  private static final int DEGRADED_FROM = 50;

  static HealthState of(int score) {
    return score >= HEALTHY_FROM ? HEALTHY : score >= DEGRADED_FROM ? DEGRADED : UNHEALTHY;
  }

  static HealthState of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /** As it stands in documents, and in labels of metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
