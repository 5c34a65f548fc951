package dev.gatehouse.contract.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.audit.AuditKey.Algorithm;
import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures of checkpoints. They have no context (FIPS 204): with one, they are refused. */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static Stream<WycheproofVector> ed25519() {
    return WycheproofVector.allOf("ed25519_test.json");
  }

  private static Stream<WycheproofVector> mlDsa65() {
    return WycheproofVector.allOf("mldsa_65_verify_test.json");
  }

  @ParameterizedTest
  @MethodSource("ed25519")
  void verifiesEd25519(WycheproofVector vector) {
    assertThat(verifies(Algorithm.ED25519, vector)).isEqualTo(vector.isValid());
  }

  @ParameterizedTest
  @MethodSource("mlDsa65")
  void verifiesMlDsa65(WycheproofVector vector) {
    boolean hasContext = !vector.test().path("ctx").asText().isEmpty();

    assertThat(verifies(Algorithm.ML_DSA_65, vector)).isEqualTo(vector.isValid() && !hasContext);
  }

  private static boolean verifies(Algorithm algorithm, WycheproofVector vector) {
    byte[] key = HexFormat.of().parseHex(vector.group().required("publicKeyDer").asText());
    return AuditKey.of(algorithm, Base64.getEncoder().encodeToString(key))
        .verifies(vector.bytes("msg"), vector.bytes("sig"));
  }
}
