package dev.gatehouse.controlplane.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AES-GCM and HKDF under the master key. Keys of other lengths than 256 bits and nonces of others
 * than 96 are no mistake elsewhere; here they are refused. Left out is salt for HKDF, which a
 * master key cannot be given.
 */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static final int NONCE_BITS = 96;

  private static Stream<WycheproofVector> aesGcm() {
    return WycheproofVector.allOf("aes_gcm_test.json").filter(fits("key"));
  }

  private static Stream<WycheproofVector> hkdf() {
    return WycheproofVector.allOf("hkdf_sha256_test.json")
        .filter(fits("ikm"))
        .filter(vector -> vector.bytes("salt").length == 0);
  }

  private static Stream<String> otherKeys() {
    return Stream.concat(
        WycheproofVector.allOf("aes_gcm_test.json")
            .filter(fits("key").negate())
            .map(vector -> base64(vector.bytes("key"))),
        WycheproofVector.allOf("hkdf_sha256_test.json")
            .filter(fits("ikm").negate())
            .map(vector -> base64(vector.bytes("ikm"))));
  }

  private static Predicate<WycheproofVector> fits(String key) {
    return vector -> vector.bytes(key).length == MasterKey.LENGTH;
  }

  private static String base64(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }

  @ParameterizedTest
  @MethodSource("aesGcm")
  void opensWhatIsSealed(WycheproofVector vector) throws Exception {
    MasterKey key = MasterKey.parse(base64(vector.bytes("key")));
    byte[] sealed =
        Buffer.buffer(vector.bytes("iv"))
            .appendBytes(vector.bytes("ct"))
            .appendBytes(vector.bytes("tag"))
            .getBytes();

    if (vector.isValid() && vector.size("ivSize") == NONCE_BITS) {
      assertThat(key.aead().decrypt(sealed, vector.bytes("aad"))).isEqualTo(vector.bytes("msg"));
    } else {
      assertThatExceptionOfType(GeneralSecurityException.class)
          .isThrownBy(() -> key.aead().decrypt(sealed, vector.bytes("aad")));
    }
  }

  @ParameterizedTest
  @MethodSource("aesGcm")
  void opensWhatItSealed(WycheproofVector vector) throws Exception {
    MasterKey key = MasterKey.parse(base64(vector.bytes("key")));

    byte[] sealed = key.aead().encrypt(vector.bytes("msg"), vector.bytes("aad"));

    assertThat(key.aead().decrypt(sealed, vector.bytes("aad"))).isEqualTo(vector.bytes("msg"));
  }

  /** Fewer bytes of the result begin as more of them do (RFC 5869 section 2.3). */
  @ParameterizedTest
  @MethodSource("hkdf")
  void derivesKeys(WycheproofVector vector) {
    byte[] expected = vector.bytes("okm");

    byte[] key =
        MasterKey.parse(base64(vector.bytes("ikm")))
            .deriveMacKey(vector.bytes("info"))
            .getEncoded();

    int length = Math.min(key.length, expected.length);
    assertThat(Arrays.copyOf(key, length)).isEqualTo(Arrays.copyOf(expected, length));
  }

  @ParameterizedTest
  @MethodSource("otherKeys")
  void refusesKeysOfAnotherLength(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> MasterKey.parse(key));
  }
}
