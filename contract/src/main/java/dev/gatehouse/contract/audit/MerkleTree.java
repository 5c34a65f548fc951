package dev.gatehouse.contract.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Merkle tree of RFC 9162 section 2.1 over byte strings. Immutable; any thread. Its nodes are
 * kept, so that the proof of a leaf costs no hashing.
 */
public final class MerkleTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  /** The leaves' hashes first, the root's alone last. A node without a sister is moved up. */
  private final List<List<byte[]>> levels = new ArrayList<>();

  private MerkleTree(List<byte[]> leaves) {
    List<byte[]> level = leaves.stream().map(leaf -> Sha256.of(LEAF, leaf)).toList();
    levels.add(level);
    while (level.size() > 1) {
      List<byte[]> above = new ArrayList<>((level.size() + 1) / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(Sha256.of(NODE, level.get(i), level.get(i + 1)));
      }
      if (level.size() % 2 == 1) {
        above.add(level.getLast());
      }
      level = above;
      levels.add(level);
    }
  }

  /** A tree over these. */
  public static MerkleTree over(List<byte[]> leaves) {
    return new MerkleTree(leaves);
  }

  /** How many leaves there are. */
  public int size() {
    return levels.getFirst().size();
  }

  /** The hash of the whole tree. */
  public byte[] root() {
    return size() == 0 ? Sha256.of() : levels.getLast().getFirst().clone();
  }

  /**
   * The hashes that lead from a leaf to the root, the lowest first.
   *
   * @throws IndexOutOfBoundsException if there is no such leaf
   */
  public List<byte[]> proof(int index) {
    List<byte[]> proof = new ArrayList<>();
    int at = index;
    for (List<byte[]> level : levels.subList(0, levels.size() - 1)) {
      int sister = at ^ 1;
      if (sister < level.size()) {
        proof.add(level.get(sister).clone());
      }
      at /= 2;
    }
    return proof;
  }

  /** Whether a leaf stands at this place of the tree with this size and root. */
  public static boolean proves(
      List<byte[]> proof, byte[] leaf, long index, long size, byte[] root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long at = index;
    long last = size - 1;
    byte[] hash = Sha256.of(LEAF, leaf);
    for (byte[] sister : proof) {
      if (last == 0) {
        return false;
      }
      boolean right = at % 2 == 1 || at == last;
      hash = right ? Sha256.of(NODE, sister, hash) : Sha256.of(NODE, hash, sister);
      // Above a node without a sister nothing was hashed: the proof has no hash of those levels.
      while (right && at % 2 == 0 && at != 0) {
        at /= 2;
        last /= 2;
      }
      at /= 2;
      last /= 2;
    }
    return last == 0 && Arrays.equals(hash, root);
  }
}
