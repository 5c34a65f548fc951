package dev.gatehouse.gateway.authenticate.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures and keys of Project Wycheproof, whose vectors are not part of this project: set {@code
 * GATEHOUSE_WYCHEPROOF} to its folder {@code testvectors_v1}.
 */
@Timeout(60)
@EnabledIfEnvironmentVariable(named = WycheproofTest.VARIABLE, matches = ".+")
class WycheproofTest {
  static final String VARIABLE = "GATEHOUSE_WYCHEPROOF";
  private static final String FOLDER = String.valueOf(System.getenv(VARIABLE));

  /** One vector. */
  record Vector(String name, String jwks, String jws, boolean valid) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Vector> vectors() throws IOException {
    return Stream.concat(
        vectorsIn("json_web_signature_test.json"), vectorsIn("json_web_key_test.json"));
  }

  private static Stream<Vector> vectorsIn(String file) throws IOException {
    List<Vector> vectors = new ArrayList<>();
    JsonArray groups = read(file).getJsonArray("testGroups");
    for (int g = 0; g < groups.size(); g++) {
      JsonObject group = groups.getJsonObject(g);
      JsonObject key = group.getJsonObject("public", group.getJsonObject("private"));
      JsonObject jwks = key.containsKey("keys") ? key : JsonObject.of("keys", JsonArray.of(key));
      JsonArray tests = group.getJsonArray("tests");
      for (int t = 0; t < tests.size(); t++) {
        JsonObject test = tests.getJsonObject(t);
        String name = file + " " + test.getInteger("tcId") + " " + test.getString("comment");
        boolean valid = test.getString("result").equals("valid");
        Object jws = test.getValue("jws");
        vectors.add(new Vector(name, jwks.encode(), String.valueOf(jws), valid));
      }
    }
    return vectors.stream();
  }

  private static JsonObject read(String file) throws IOException {
    return new JsonObject(Files.readString(Path.of(FOLDER).resolve(file)));
  }

  private static boolean verifies(Vector vector) {
    try {
      SignedJWT jws = SignedJWT.parse(vector.jws);
      JWSAlgorithm algorithm = jws.getHeader().getAlgorithm();
      return KeySet.parse(vector.jwks).candidates(jws.getHeader().getKeyID(), algorithm).stream()
          .anyMatch(key -> key.verifies(jws));
    } catch (ParseException | IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * Shared secrets verify nothing here, {@code ES521} is no algorithm, and in figure 20 the token
   * names another algorithm than the key.
   */
  private static boolean isOfferedHere(Vector vector) {
    return !vector.jwks.contains("\"oct\"")
        && !vector.jwks.contains("ES521")
        && !vector.name.endsWith("Figure20");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agrees(Vector vector) {
    assertThat(verifies(vector)).isEqualTo(vector.valid && isOfferedHere(vector));
  }

  @Test
  void verifiesSomething() throws IOException {
    assertThat(vectors().filter(vector -> vector.valid && isOfferedHere(vector)).count())
        .isGreaterThan(30);
  }
}
