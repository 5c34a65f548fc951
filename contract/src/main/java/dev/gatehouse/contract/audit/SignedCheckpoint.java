package dev.gatehouse.contract.audit;

import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint with its signatures and the proof that it covers one chain.
 *
 * @param signatures one of each algorithm
 * @param head where it says that the chain ended
 * @param index of the chain's leaf
 * @param proof hashes from the leaf to the root
 */
record SignedCheckpoint(
    Checkpoint checkpoint,
    List<Signature> signatures,
    Checkpoint.Head head,
    long index,
    List<byte[]> proof) {

  /**
   * A signature.
   *
   * @param key id of the key
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Signature(String key, byte[] value) {}

  /** What is wrong with it; empty if it is what the holders of the keys have signed. */
  Optional<String> fault(Collection<AuditKey> pinned) {
    for (AuditKey.Algorithm algorithm : AuditKey.Algorithm.values()) {
      Optional<String> fault = faultOf(algorithm, pinned);
      if (fault.isPresent()) {
        return fault;
      }
    }
    byte[] root = HexFormat.of().parseHex(checkpoint.rootHash());
    return MerkleTree.proves(proof, head.bytes(), index, checkpoint.treeSize(), root)
        ? Optional.empty()
        : Optional.of(
            "what it is said to state of this chain (%d entries) is not under its root hash"
                .formatted(head.length()));
  }

  private Optional<String> faultOf(AuditKey.Algorithm algorithm, Collection<AuditKey> pinned) {
    List<AuditKey> ofAlgorithm =
        pinned.stream().filter(key -> key.algorithm() == algorithm).toList();
    List<Signature> known =
        signatures.stream()
            .filter(signature -> ofAlgorithm.stream().anyMatch(k -> k.id().equals(signature.key())))
            .toList();
    if (known.isEmpty()) {
      return Optional.of(
          "it has no %s signature of a pinned key".formatted(algorithm.standardName()));
    }
    byte[] message = checkpoint.signedBytes();
    boolean verified =
        known.stream()
            .anyMatch(signature ->
                ofAlgorithm.stream()
                    .filter(key -> key.id().equals(signature.key()))
                    .anyMatch(key -> key.verifies(message, signature.value())));
    return verified
        ? Optional.empty()
        : Optional.of("its %s signature is not valid".formatted(algorithm.standardName()));
  }

  /** Whether it states another end of the chain than a hash at its length. */
  boolean contradicts(byte[] hashAtLength) {
    return !Arrays.equals(head.hash(), hashAtLength);
  }
}
