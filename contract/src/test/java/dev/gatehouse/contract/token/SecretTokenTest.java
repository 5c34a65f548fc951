package dev.gatehouse.contract.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.token.SecretToken.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class SecretTokenTest {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void readsItsOwnForm(Kind kind) {
    SecretToken token = SecretToken.generate(kind);

    SecretToken read = SecretToken.parse(kind, token.reveal()).orElseThrow();

    assertThat(read.id()).isEqualTo(token.id()).matches("[0-9a-f]{16}");
    assertThat(read.kind()).isEqualTo(kind);
    assertThat(token.reveal()).matches(kind.prefix() + "[0-9a-f]{16}_[A-Za-z0-9_-]{43}");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isReadAsNoOtherKind(Kind kind) {
    String text = SecretToken.generate(kind).reveal();

    assertThat(Arrays.stream(Kind.values()).filter(k -> SecretToken.parse(k, text).isPresent()))
        .containsExactly(kind);
    assertThat(Arrays.stream(Kind.values()).filter(k -> SecretToken.looksLike(k, text)))
        .containsExactly(kind);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesEveryNearMiss(Kind kind) {
    String text = SecretToken.generate(kind).reveal();
    for (int i = 0; i < text.length(); i++) {
      String shorter = text.substring(0, i) + text.substring(i + 1);
      String longer = text.substring(0, i) + "a" + text.substring(i);
      String foreign = text.substring(0, i) + "\u00e9" + text.substring(i + 1);
      String space = text.substring(0, i) + " " + text.substring(i + 1);
      assertThat(Set.of(shorter, longer, foreign, space))
          .allMatch(nearMiss -> SecretToken.parse(kind, nearMiss).isEmpty());
    }
    assertThat(SecretToken.parse(kind, "")).isEmpty();
    assertThat(SecretToken.parse(kind, kind.prefix())).isEmpty();
    assertThat(SecretToken.parse(kind, text + "\n")).isEmpty();
    assertThat(SecretToken.parse(kind, text.toUpperCase(java.util.Locale.ROOT))).isEmpty();
  }

  @Test
  void matchesItsOwnHashOnly() throws Exception {
    SecretToken token = SecretToken.generate(Kind.API_KEY);

    assertThat(token.hash())
        .isEqualTo(
            MessageDigest.getInstance("SHA-256")
                .digest(token.reveal().getBytes(StandardCharsets.US_ASCII)));
    assertThat(token.matches(token.hash())).isTrue();
    assertThat(token.matches(SecretToken.generate(Kind.API_KEY).hash())).isFalse();
    assertThat(token.matches(new byte[0])).isFalse();
  }

  @Test
  void isNeverMadeTwice() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(SecretToken.generate(Kind.OPERATOR).reveal())).isTrue();
    }
  }

  @Test
  void doesNotShowItsSecret() {
    SecretToken token = SecretToken.generate(Kind.GATEWAY);
    String secret = token.reveal().substring(token.reveal().length() - 43);

    assertThat(token.toString()).contains(token.id()).doesNotContain(secret.substring(0, 8));
  }
}
