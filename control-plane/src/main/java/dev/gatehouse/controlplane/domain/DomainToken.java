package dev.gatehouse.controlplane.domain;

import java.security.SecureRandom;
import java.util.Base64;

/** Draws what a tenant must show at a domain: 256 bits, for one claim of one tenant alone. */
final class DomainToken {
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private DomainToken() {}

  static String draw() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
