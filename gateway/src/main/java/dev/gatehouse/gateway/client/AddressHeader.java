package dev.gatehouse.gateway.client;

/**
 * Where trusted proxies say for whom they ask. One of the two, not whichever is there: a proxy that
 * writes the one passes on what strangers wrote into the other.
 */
public enum AddressHeader {
  /** {@code X-Forwarded-For}, with {@code X-Forwarded-Proto}. */
  X_FORWARDED_FOR,
  /** {@code Forwarded} (RFC 7239). */
  FORWARDED;

  /** Where nothing is said. */
  public static final AddressHeader DEFAULT = X_FORWARDED_FOR;
}
