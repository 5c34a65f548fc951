package dev.gatehouse.controlplane.keyset;

import java.time.Instant;

/**
 * What is known of a key without its secret.
 *
 * @param id names it within its keyset
 * @param createdAt from when on it encrypted or signed
 * @param used how often it may have done so; never less than it did
 */
record TenantKey(int id, Instant createdAt, long used) {
  /** As it stands in ciphertexts and signatures: 8 hex digits. */
  String name() {
    return nameOf(id);
  }

  static String nameOf(int id) {
    return "%08x".formatted(id);
  }

  /** The database has no unsigned numbers. */
  static long numberOf(int id) {
    return Integer.toUnsignedLong(id);
  }
}
