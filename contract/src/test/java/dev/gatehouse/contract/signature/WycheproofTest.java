package dev.gatehouse.contract.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import java.security.Provider;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures by Ed25519 and HMAC-SHA-256, by the JDK and by what the gateway has sign. Secrets
 * shorter than 32 bytes and shortened codes are no mistake elsewhere; here they are refused.
 */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static final int MAC_BITS = 256;

  /** Whose it is. */
  enum Cryptography {
    JDK,
    AWS_LC;

    Optional<Provider> provider() {
      if (this == JDK) {
        return Optional.empty();
      }
      assumeThat(AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError())
          .as("AWS-LC must load on this machine")
          .isNull();
      return Optional.of(AmazonCorrettoCryptoProvider.INSTANCE);
    }
  }

  private static Stream<Arguments> ed25519() {
    return byBoth(WycheproofVector.allOf("ed25519_test.json"));
  }

  private static Stream<Arguments> hmac() {
    return byBoth(
        WycheproofVector.allOf("hmac_sha256_test.json").filter(vector -> !isOfShortSecret(vector)));
  }

  private static Stream<Arguments> hmacUnderShortSecrets() {
    return byBoth(
        WycheproofVector.allOf("hmac_sha256_test.json").filter(WycheproofTest::isOfShortSecret));
  }

  private static Stream<Arguments> byBoth(Stream<WycheproofVector> vectors) {
    return vectors.flatMap(vector ->
        Stream.of(Cryptography.values()).map(cryptography -> Arguments.of(cryptography, vector)));
  }

  private static boolean isOfShortSecret(WycheproofVector vector) {
    return vector.size("keySize") < HmacSha256.MIN_SECRET_LENGTH * Byte.SIZE;
  }

  @ParameterizedTest
  @MethodSource("ed25519")
  void verifiesEd25519(Cryptography cryptography, WycheproofVector vector) {
    VerifyingKey key =
        VerifyingKey.of(
            vector.group().required("publicKeyJwk").toString(), cryptography.provider());

    assertThat(key.verifies(vector.bytes("msg"), vector.bytes("sig"))).isEqualTo(vector.isValid());
  }

  @ParameterizedTest
  @MethodSource("hmac")
  void signsByHmac(Cryptography cryptography, WycheproofVector vector) {
    SigningKey key = SigningKey.hmacSha256("key", vector.bytes("key"), cryptography.provider());
    byte[] code = key.sign(vector.bytes("msg"));

    int length = vector.size("tagSize") / Byte.SIZE;
    assertThat(Arrays.equals(code, 0, length, vector.bytes("tag"), 0, length))
        .isEqualTo(vector.isValid());
  }

  @ParameterizedTest
  @MethodSource("hmac")
  void verifiesHmac(Cryptography cryptography, WycheproofVector vector) {
    VerifyingKey key = VerifyingKey.of(jwkOf(vector.bytes("key")), cryptography.provider());

    assertThat(key.verifies(vector.bytes("msg"), vector.bytes("tag")))
        .isEqualTo(vector.isValid() && vector.size("tagSize") == MAC_BITS);
  }

  @ParameterizedTest
  @MethodSource("hmacUnderShortSecrets")
  void refusesShortSecrets(Cryptography cryptography, WycheproofVector vector) {
    byte[] secret = vector.bytes("key");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.hmacSha256("key", secret, cryptography.provider()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifyingKey.of(jwkOf(secret), cryptography.provider()));
  }

  private static String jwkOf(byte[] secret) {
    return new OctetSequenceKey.Builder(secret).keyID("key").build().toJSONString();
  }
}
