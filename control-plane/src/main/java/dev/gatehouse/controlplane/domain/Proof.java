package dev.gatehouse.controlplane.domain;

import java.util.Locale;

/** How the control of a domain was shown. */
enum Proof {
  /** By a TXT record. */
  DNS,
  /** By an answer of the host itself. */
  HTTP,
  /** Not at all: an operator vouches for it. */
  NONE;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Proof of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
