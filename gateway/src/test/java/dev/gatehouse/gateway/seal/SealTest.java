package dev.gatehouse.gateway.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class SealTest {
  private static final String SECRET = "a secret of thirty-two bytes ...";

  @Test
  void opensWhatTheSameSecretSealedForTheSameUse() {
    byte[] sealed = seal(SECRET, "login").seal(bytes("plain"), bytes("cookie"));

    assertThat(seal(SECRET, "login").open(sealed, bytes("cookie"))).contains(bytes("plain"));
  }

  @ParameterizedTest
  @CsvSource({
    "another secret of that many bytes, login, cookie",
    SECRET + ", session, cookie",
    SECRET + ", login, another cookie"
  })
  void opensNothingElse(String secret, String use, String context) {
    byte[] sealed = seal(SECRET, "login").seal(bytes("plain"), bytes("cookie"));

    assertThat(seal(secret, use).open(sealed, bytes(context))).isEmpty();
  }

  @Test
  void opensNothingThatIsTooShort() {
    assertThat(seal(SECRET, "login").open(new byte[27], bytes("cookie"))).isEmpty();
  }

  private static Seal seal(String secret, String use) {
    return Seal.of(bytes(secret), bytes(use));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
