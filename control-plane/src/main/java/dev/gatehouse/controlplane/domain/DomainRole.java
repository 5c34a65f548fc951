package dev.gatehouse.controlplane.domain;

import java.util.Locale;

/** What a tenant uses a domain for. */
enum DomainRole {
  /** It serves, and redirects lead to it. */
  PRIMARY,
  /** It serves. */
  ALIAS,
  /** It sends clients to the primary domain, or to the subdomain where there is none. */
  REDIRECT;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DomainRole of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
