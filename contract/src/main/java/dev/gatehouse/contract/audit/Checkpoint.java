package dev.gatehouse.contract.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/**
 * What the control plane says, at one moment, of all chains: how long each was and what its last
 * hash was, folded into the root of a {@link MerkleTree}.
 *
 * @param sequence 1 for the first
 * @param time when it was made
 * @param previous hash of the checkpoint before it, in hexadecimal; zeros for the first
 * @param treeSize how many chains there were
 * @param rootHash root of the tree over their {@linkplain Head heads}, in hexadecimal
 */
public record Checkpoint(
    long sequence, Instant time, String previous, long treeSize, String rootHash) {
  /** What stands for the hash of the checkpoint before the first. */
  public static final String NONE = "0".repeat(2 * Sha256.LENGTH);

  /** So that a signature is never taken for one of something else. */
  private static final String CONTEXT = "gatehouse audit checkpoint v1\n";

  /**
   * Where a chain ends: a leaf of the tree. The leaves are in the order of their chains' bytes.
   *
   * @param chain the tenant's id, or {@link AuditChain#PLATFORM}
   * @param length sequence number of its last entry
   * @param hash hash of its last entry
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Head(UUID chain, long length, byte[] hash) {
    /** The bytes of the leaf: the chain (16), the length (8, big-endian) and the hash (32). */
    public byte[] bytes() {
      return ByteBuffer.allocate(16 + 8 + Sha256.LENGTH)
          .putLong(chain.getMostSignificantBits())
          .putLong(chain.getLeastSignificantBits())
          .putLong(length)
          .put(hash)
          .array();
    }
  }

  /** The statement, in its canonical form. */
  public String statement() {
    return CanonicalJson.of(
        Map.of(
            "version", 1,
            "sequence", sequence,
            "time", time.toString(),
            "previous", previous,
            "treeSize", treeSize,
            "rootHash", rootHash));
  }

  /** What is signed: a line that says what it is, and the statement. */
  public byte[] signedBytes() {
    return (CONTEXT + statement()).getBytes(UTF_8);
  }

  /** The hash by which the next checkpoint refers to this one, in hexadecimal. */
  public String hash() {
    return HexFormat.of().formatHex(Sha256.of(statement().getBytes(UTF_8)));
  }
}
