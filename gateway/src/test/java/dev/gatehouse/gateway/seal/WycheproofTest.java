package dev.gatehouse.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AES-GCM and HKDF as sessions and log-ins are sealed. Left out is what a seal cannot be given:
 * keys of 128 and 192 bits, and salt for HKDF. Nonces of other lengths than 96 bits are no mistake
 * elsewhere; here they do not open.
 */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static final int KEY_BITS = 256;
  private static final int NONCE_BITS = 96;

  private static Stream<WycheproofVector> aesGcm() {
    return WycheproofVector.allOf("aes_gcm_test.json")
        .filter(vector -> vector.size("keySize") == KEY_BITS);
  }

  private static Stream<WycheproofVector> hkdf() {
    return WycheproofVector.allOf("hkdf_sha256_test.json")
        .filter(vector -> vector.bytes("salt").length == 0);
  }

  @ParameterizedTest
  @MethodSource("aesGcm")
  void opensWhatIsSealed(WycheproofVector vector) {
    byte[] sealed =
        Buffer.buffer(vector.bytes("iv"))
            .appendBytes(vector.bytes("ct"))
            .appendBytes(vector.bytes("tag"))
            .getBytes();

    if (vector.isValid() && vector.size("ivSize") == NONCE_BITS) {
      assertThat(new Seal(vector.bytes("key")).open(sealed, vector.bytes("aad")))
          .contains(vector.bytes("msg"));
    } else {
      assertThat(new Seal(vector.bytes("key")).open(sealed, vector.bytes("aad"))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("aesGcm")
  void opensWhatItSealed(WycheproofVector vector) {
    Seal seal = new Seal(vector.bytes("key"));

    byte[] sealed = seal.seal(vector.bytes("msg"), vector.bytes("aad"));

    assertThat(seal.open(sealed, vector.bytes("aad"))).contains(vector.bytes("msg"));
  }

  /** Fewer bytes of the result begin as more of them do (RFC 5869 section 2.3). */
  @ParameterizedTest
  @MethodSource("hkdf")
  void derivesKeys(WycheproofVector vector) {
    byte[] expected = vector.bytes("okm");

    byte[] key = Seal.keyOf(vector.bytes("ikm"), vector.bytes("info"));

    int length = Math.min(key.length, expected.length);
    assertThat(Arrays.copyOf(key, length)).isEqualTo(Arrays.copyOf(expected, length));
  }
}
