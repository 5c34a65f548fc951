package dev.gatehouse.controlplane.domain;

import java.util.Locale;

/** Whether a tenant has shown that it controls a domain. Only a verified one is served. */
enum OwnershipState {
  /** It has not yet, and is asked again on a schedule. */
  PENDING,
  /** It has. */
  VERIFIED,
  /** It has not within the time for it. */
  FAILED,
  /** It had, and does not any more. */
  LOST;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static OwnershipState of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
