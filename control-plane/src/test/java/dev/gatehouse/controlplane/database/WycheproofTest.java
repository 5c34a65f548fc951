package dev.gatehouse.controlplane.database;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The passwords of the database's roles. Left out are those with anything besides letters, digits
 * and punctuation of ASCII, and other numbers of iterations: no role has such a password.
 */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static final Pattern PASSWORD = Pattern.compile("[!-~]+");

  private static Stream<WycheproofVector> pbkdf2() {
    return WycheproofVector.allOf("pbkdf2_hmacsha256_test.json")
        .filter(
            vector -> vector.test().required("iterationCount").asInt() == ScramVerifier.ITERATIONS)
        .filter(vector -> PASSWORD.matcher(passwordOf(vector)).matches());
  }

  private static String passwordOf(WycheproofVector vector) {
    return new String(vector.bytes("password"), ISO_8859_1);
  }

  /** Fewer bytes of the result begin as more of them do (RFC 8018 section 5.2). */
  @ParameterizedTest
  @MethodSource("pbkdf2")
  void saltsPasswords(WycheproofVector vector) throws Exception {
    byte[] expected = vector.bytes("dk");

    byte[] salted = ScramVerifier.salted(passwordOf(vector), vector.bytes("salt"));

    int length = Math.min(salted.length, expected.length);
    assertThat(Arrays.copyOf(salted, length)).isEqualTo(Arrays.copyOf(expected, length));
  }
}
