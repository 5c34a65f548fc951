package dev.gatehouse.gateway.authenticate.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys verify, and what they verify. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerificationKeyTest {
  // To make one takes a second of the processor.
  private final RSAKey rsaKey = new RSAKeyGenerator(2048).generate();
  private final RSAKey otherRsaKey = new RSAKeyGenerator(2048).generate();

  VerificationKeyTest() throws JOSEException {}

  private static boolean isFit(JWK key) {
    return VerificationKey.of(key).isPresent();
  }

  private static RSAKey rsa(BigInteger modulus, BigInteger exponent) {
    return new RSAKey.Builder(Base64URL.encode(modulus), Base64URL.encode(exponent)).build();
  }

  private static boolean verifies(JWK key, JWSObject signed) {
    return VerificationKey.of(key.toPublicJWK())
        .filter(fit -> fit.algorithms().contains(signed.getHeader().getAlgorithm()))
        .filter(fit -> fit.verifies(signed))
        .isPresent();
  }

  private static JWSObject unsigned(JWSAlgorithm algorithm) {
    return new JWSObject(new JWSHeader(algorithm), new Payload("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void verifiesByRsa(String name) throws Exception {
    JWSObject signed = unsigned(JWSAlgorithm.parse(name));
    signed.sign(new RSASSASigner(rsaKey));
    assertThat(verifies(rsaKey, signed)).isTrue();
    assertThat(verifies(otherRsaKey, signed)).isFalse();
    assertThat(verifies(rsaKey, altered(signed))).isFalse();
  }

  @Test
  void verifiesOnTheCurves() throws Exception {
    for (Curve curve : Set.of(Curve.P_256, Curve.P_384, Curve.P_521)) {
      ECKey key = new ECKeyGenerator(curve).generate();
      ECDSASigner signer = new ECDSASigner(key);
      JWSObject signed = unsigned(signer.supportedJWSAlgorithms().iterator().next());
      signed.sign(signer);
      assertThat(verifies(key, signed)).as(curve.getName()).isTrue();
      assertThat(verifies(key, altered(signed))).isFalse();
    }
    OctetKeyPair pair = new OctetKeyPairGenerator(Curve.Ed25519).generate();
    JWSObject signed = unsigned(JWSAlgorithm.EdDSA);
    signed.sign(new Ed25519Signer(pair));
    assertThat(verifies(pair, signed)).isTrue();
    assertThat(verifies(pair, altered(signed))).isFalse();
  }

  private static JWSObject altered(JWSObject signed) throws ParseException {
    byte[] signature = signed.getSignature().decode();
    signature[signature.length / 2] ^= 1;
    return with(signed, signature);
  }

  private static JWSObject with(JWSObject signed, byte[] signature) throws ParseException {
    String text = signed.serialize();
    return JWSObject.parse(
        text.substring(0, text.lastIndexOf('.') + 1) + Base64URL.encode(signature));
  }

  /** CVE-2022-21449, and other forms of the numbers. */
  @Test
  void refusesEcdsaSignaturesOfOtherForms() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    JWSObject signed = unsigned(JWSAlgorithm.ES256);
    signed.sign(new ECDSASigner(key));
    byte[] right = signed.getSignature().decode();
    byte[] order =
        Base64URL.encode(
                new BigInteger(
                    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16))
            .decode();
    byte[] ofOrder = Arrays.copyOf(order, 64);
    System.arraycopy(order, 0, ofOrder, 32, 32);
    byte[] onlyR = Arrays.copyOf(Arrays.copyOf(right, 32), 64);
    for (byte[] wrong :
        new byte[][] {
          new byte[64], ofOrder, onlyR, Arrays.copyOf(right, 63), Arrays.copyOf(right, 65)
        }) {
      assertThat(verifies(key, with(signed, wrong))).isFalse();
    }
    assertThat(verifies(key, with(signed, right))).isTrue();
  }

  @Test
  void isForItsOwnAlgorithmAlone() throws Exception {
    RSAKey key = new RSAKey.Builder(rsaKey).algorithm(JWSAlgorithm.PS256).build();
    assertThat(VerificationKey.of(key.toPublicJWK()).orElseThrow().algorithms())
        .containsExactly(JWSAlgorithm.PS256);
    assertThat(isFit(curveKey(new Algorithm("ES384")))).isFalse();
    assertThat(isFit(curveKey(new Algorithm("RS256")))).isFalse();
    assertThat(isFit(curveKey(JWSAlgorithm.ES256))).isTrue();
  }

  private static JWK curveKey(Algorithm algorithm) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).algorithm(algorithm).generate().toPublicJWK();
  }

  @Test
  void isToVerify() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    JWK open = key.toPublicJWK();
    assertThat(isFit(open)).isTrue();
    assertThat(isFit(key)).as("whoever publishes a private key has lost it").isFalse();
    assertThat(isFit(new ECKey.Builder(open.toECKey()).keyUse(KeyUse.ENCRYPTION).build()))
        .isFalse();
    assertThat(
            isFit(
                new ECKey.Builder(open.toECKey())
                    .keyOperations(Set.of(KeyOperation.ENCRYPT))
                    .build()))
        .isFalse();
    assertThat(
            isFit(
                new ECKey.Builder(open.toECKey())
                    .keyOperations(Set.of(KeyOperation.VERIFY))
                    .build()))
        .isTrue();
    assertThat(isFit(new OctetSequenceKeyGenerator(256).generate())).isFalse();
    assertThat(isFit(new OctetKeyPairGenerator(Curve.X25519).generate().toPublicJWK())).isFalse();
  }

  @Test
  void refusesRsaKeysThatAreWeakOrCostTooMuch() throws Exception {
    BigInteger modulus = rsaKey.getModulus().decodeToBigInteger();
    BigInteger exponent = BigInteger.valueOf(65537);
    assertThat(isFit(rsa(modulus, exponent))).isTrue();
    assertThat(isFit(rsa(modulus, BigInteger.ONE))).isFalse();
    assertThat(isFit(rsa(modulus, BigInteger.valueOf(65536)))).isFalse();
    assertThat(isFit(rsa(modulus, modulus.shiftRight(1).setBit(0)))).isFalse();
    assertThat(isFit(rsa(modulus.shiftRight(1).setBit(0), exponent))).isFalse();
    assertThat(isFit(rsa(BigInteger.ONE.shiftLeft(4096).setBit(0), exponent))).isFalse();
  }

  /** CVE-2017-15361: all remainders are powers of 65537. */
  @Test
  void refusesRsaKeysOfWeakCards() {
    BigInteger product = BigInteger.ONE;
    for (int prime = 2; prime <= 167; prime++) {
      if (BigInteger.valueOf(prime).isProbablePrime(20)) {
        product = product.multiply(BigInteger.valueOf(prime));
      }
    }
    BigInteger exponent = BigInteger.valueOf(65537);
    BigInteger remainder = exponent.modPow(BigInteger.valueOf(1234), product);
    BigInteger multiple = BigInteger.ONE.shiftLeft(2047).divide(product).add(BigInteger.ONE);
    BigInteger weak = product.multiply(multiple).add(remainder);
    assertThat(weak.bitLength()).isEqualTo(2048);
    assertThat(isFit(rsa(weak, exponent))).isFalse();
    assertThat(isFit(rsa(weak.add(BigInteger.TWO), exponent))).isTrue();
  }
}
