package dev.gatehouse.contract.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * The hash chain of a tenant, or of the platform: each entry's hash covers the entry, its place in
 * the chain, and the hash before it.
 */
public final class AuditChain {
  /** The chain of what belongs to no tenant. */
  public static final UUID PLATFORM = new UUID(0, 0);

  private static final int PLACE_BYTES = 16 + 8 + 8;

  private AuditChain() {}

  /** What stands for the hash before the first entry. */
  public static byte[] start() {
    return new byte[Sha256.LENGTH];
  }

  /**
   * The hash of an entry: SHA-256 over the hash before it (32 bytes), the chain (16), the sequence
   * number (8) and the time in microseconds since 1970 (8), both big-endian, and the entry.
   *
   * @param sequence 1 for the first entry
   * @param time to the microsecond
   * @param entry in its {@linkplain CanonicalJson canonical form}
   */
  public static byte[] hash(
      byte[] previous, UUID chain, long sequence, Instant time, String entry) {
    ByteBuffer place =
        ByteBuffer.allocate(PLACE_BYTES)
            .putLong(chain.getMostSignificantBits())
            .putLong(chain.getLeastSignificantBits())
            .putLong(sequence)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    return Sha256.of(previous, place.array(), entry.getBytes(UTF_8));
  }
}
