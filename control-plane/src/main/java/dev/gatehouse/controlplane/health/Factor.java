package dev.gatehouse.controlplane.health;

import java.util.Locale;

/** What the health of a tenant is made of. */
enum Factor {
  ERROR_RATE,
  LATENCY,
  LIMIT_HITS,
  SATURATION,
  CERTIFICATES,
  DOMAINS,
  BLUEPRINTS,
  KEYS,
  CUSTOMER_KEY;

  /** Such as {@code error-rate}. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
