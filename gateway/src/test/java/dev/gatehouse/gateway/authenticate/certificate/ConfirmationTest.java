package dev.gatehouse.gateway.authenticate.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the claim cnf asks for. */
class ConfirmationTest {
  private static final Thumbprint SHOWN =
      Thumbprint.of("certificate".getBytes(StandardCharsets.US_ASCII));
  private static final Thumbprint OTHER =
      Thumbprint.of("other".getBytes(StandardCharsets.US_ASCII));

  @Test
  void asksForNothingWhereItIsMissing() {
    assertThat(Confirmation.of(null).orElseThrow().isMetBy(Optional.empty())).isTrue();
  }

  @Test
  void asksForThisCertificate() {
    Confirmation asked = Confirmation.of(Map.of("x5t#S256", SHOWN.toString())).orElseThrow();
    assertThat(asked.isMetBy(Optional.of(SHOWN))).isTrue();
    assertThat(asked.isMetBy(Optional.of(OTHER))).isFalse();
    assertThat(asked.isMetBy(Optional.empty())).isFalse();
  }

  @Test
  void isNotOverlookedWhereItIsNotUnderstood() {
    String text = SHOWN.toString();
    List<Object> unknown =
        Arrays.asList(
            Map.of(),
            Map.of("jkt", text),
            Map.of("x5t#S256", text, "jkt", text),
            Map.of("x5t#s256", text),
            Map.of("x5t", text),
            Map.of("x5t#S256", 1),
            Map.of("x5t#S256", ""),
            Map.of("x5t#S256", text + "="),
            Map.of("x5t#S256", "*" + text.substring(1)),
            List.of(text),
            text,
            false);
    for (Object claim : unknown) {
      assertThat(Confirmation.of(claim)).as("%s", claim).isEmpty();
    }
  }
}
