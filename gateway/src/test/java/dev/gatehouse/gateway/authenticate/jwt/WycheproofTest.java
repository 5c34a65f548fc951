package dev.gatehouse.gateway.authenticate.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import java.text.ParseException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens, keys, and the signatures below them, by the cryptography that the gateway has found.
 * Shared secrets verify nothing here. Left out are encrypted tokens, of which the gateway reads
 * none, and what one may accept or refuse: AWS-LC and the JDK do not agree there.
 */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static Stream<WycheproofVector> tokens() {
    return Stream.of(
            "json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json")
        .flatMap(WycheproofVector::allOf)
        .filter(vector -> vector.test().has("jws"));
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void verifiesTokens(WycheproofVector vector) {
    assertThat(verifies(vector)).isEqualTo(vector.isValid() && isOfferedHere(vector));
  }

  @ParameterizedTest
  @CsvSource({
    "json_web_signature_test.json, 30",
    "json_web_key_test.json, 1",
    "json_web_crypto_test.json, 2"
  })
  void acceptsTokensOfEachFile(String file, int atLeast) {
    assertThat(
            tokens().filter(vector -> vector.file().equals(file)).filter(WycheproofTest::verifies))
        .hasSizeGreaterThanOrEqualTo(atLeast);
  }

  private static boolean verifies(WycheproofVector vector) {
    try {
      SignedJWT jws = SignedJWT.parse(vector.test().required("jws").asText());
      JWSAlgorithm algorithm = jws.getHeader().getAlgorithm();
      return KeySet.parse(keysOf(vector).toString())
          .candidates(jws.getHeader().getKeyID(), algorithm)
          .stream()
          .anyMatch(key -> key.verifies(jws));
    } catch (ParseException | IllegalArgumentException _) {
      return false;
    }
  }

  /** The key set of its group, or its only key as one. */
  private static JsonNode keysOf(WycheproofVector vector) {
    JsonNode group = vector.group();
    JsonNode key = group.has("public") ? group.get("public") : group.required("private");
    return key.has("keys")
        ? key
        : JsonNodeFactory.instance
            .objectNode()
            .set("keys", JsonNodeFactory.instance.arrayNode().add(key));
  }

  /**
   * Shared secrets verify nothing here, {@code ES521} is no algorithm, and in figure 20 the token
   * names another algorithm than the key.
   */
  private static boolean isOfferedHere(WycheproofVector vector) {
    String keys = keysOf(vector).toString();
    return !keys.contains("\"oct\"")
        && !keys.contains("ES521")
        && !vector.toString().endsWith("Figure20");
  }

  /** The signatures below the tokens, for each algorithm that the gateway takes. */
  private static Stream<Arguments> signatures() {
    return Stream.of(
            signedBy(JWSAlgorithm.EdDSA, "ed25519_test.json"),
            signedBy(JWSAlgorithm.ES256, "ecdsa_secp256r1_sha256_p1363_test.json"),
            signedBy(JWSAlgorithm.ES384, "ecdsa_secp384r1_sha384_p1363_test.json"),
            signedBy(JWSAlgorithm.ES512, "ecdsa_secp521r1_sha512_p1363_test.json"),
            signedBy(JWSAlgorithm.RS256, "rsa_signature_2048_sha256_test.json"),
            signedBy(JWSAlgorithm.RS384, "rsa_signature_2048_sha384_test.json"),
            signedBy(JWSAlgorithm.RS512, "rsa_signature_2048_sha512_test.json"),
            signedBy(JWSAlgorithm.PS256, "rsa_pss_2048_sha256_mgf1_32_test.json"),
            signedBy(JWSAlgorithm.PS384, "rsa_pss_2048_sha384_mgf1_48_test.json"),
            signedBy(JWSAlgorithm.PS512, "rsa_pss_4096_sha512_mgf1_64_test.json"))
        .flatMap(vectors -> vectors);
  }

  private static Stream<Arguments> signedBy(JWSAlgorithm algorithm, String file) {
    return WycheproofVector.allOf(file)
        .filter(vector -> !vector.mayBeEither())
        .map(vector -> Arguments.of(algorithm, vector));
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void verifiesSignatures(JWSAlgorithm algorithm, WycheproofVector vector) throws Exception {
    boolean verified =
        VerificationKey.of(keyOf(vector))
            .filter(key -> key.algorithms().contains(algorithm))
            .map(key ->
                key.verifies(
                    new JWSHeader(algorithm),
                    vector.bytes("msg"),
                    Base64URL.encode(vector.bytes("sig"))))
            .orElse(false);

    assertThat(verified).isEqualTo(vector.isValid());
  }

  /** Some have their key in another form alone. */
  private static JWK keyOf(WycheproofVector vector) throws ParseException, JOSEException {
    for (String jwk : List.of("publicKeyJwk", "keyJwk")) {
      if (vector.group().has(jwk)) {
        return JWK.parse(vector.group().get(jwk).toString());
      }
    }
    return JWK.parseFromPEMEncodedObjects(vector.group().required("publicKeyPem").asText());
  }
}
