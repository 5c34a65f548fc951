package dev.gatehouse.contract.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

  /** The leaves and roots that certificate transparency's implementations test with. */
  @Test
  void hasTheRootsOfRfc9162() {
    List<byte[]> leaves =
        List.of("", "00", "10", "2021", "3031", "40414243").stream()
            .map(HexFormat.of()::parseHex)
            .toList();
    assertThat(root(leaves.subList(0, 0)))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(root(leaves.subList(0, 1)))
        .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(root(leaves.subList(0, 2)))
        .isEqualTo("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assertThat(root(leaves.subList(0, 3)))
        .isEqualTo("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    assertThat(root(leaves.subList(0, 5)))
        .isEqualTo("4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4");
  }

  @Test
  void provesEveryLeafOfEverySizeAndNoOther() {
    for (int size = 1; size <= 33; size++) {
      List<byte[]> leaves = leaves(size);
      MerkleTree tree = MerkleTree.over(leaves);
      for (int index = 0; index < size; index++) {
        List<byte[]> proof = tree.proof(index);
        byte[] leaf = leaves.get(index);
        assertThat(MerkleTree.proves(proof, leaf, index, size, tree.root())).isTrue();
        byte[] other = "another".getBytes(UTF_8);
        assertThat(MerkleTree.proves(proof, other, index, size, tree.root())).isFalse();
        if (size > 1) {
          int wrong = (index + 1) % size;
          assertThat(MerkleTree.proves(proof, leaf, wrong, size, tree.root())).isFalse();
          assertThat(
                  MerkleTree.proves(
                      proof.subList(0, proof.size() - 1), leaf, index, size, tree.root()))
              .isFalse();
        }
      }
      List<byte[]> proof = tree.proof(0);
      assertThat(MerkleTree.proves(proof, leaves.getFirst(), -1, size, tree.root())).isFalse();
      assertThat(MerkleTree.proves(proof, leaves.getFirst(), size, size, tree.root())).isFalse();
    }
  }

  private static List<byte[]> leaves(int count) {
    return IntStream.range(0, count).mapToObj(i -> ("leaf " + i).getBytes(UTF_8)).toList();
  }

  private static String root(List<byte[]> leaves) {
    return HexFormat.of().formatHex(MerkleTree.over(leaves).root());
  }
}
