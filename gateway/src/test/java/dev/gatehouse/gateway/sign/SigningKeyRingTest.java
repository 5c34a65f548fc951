package dev.gatehouse.gateway.sign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import dev.gatehouse.contract.signature.SigningKey;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SigningKeyRingTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final EdgeSigningKey context = key(SigningKeys.generate(), Purpose.CONTEXT, NOW);
  private final EdgeSigningKey message = key(SigningKey.generateEd25519(), Purpose.MESSAGE, NOW);
  private final EdgeSigningKey login = key(SigningKeys.generateSecret(), Purpose.LOGIN, NOW);
  private final SigningKeyRing ring = SigningKeyRing.of(List.of(login, message, context));

  private static EdgeSigningKey key(String jwk, Purpose purpose, Instant signsFrom) {
    return new EdgeSigningKey(
        SigningKeys.kidOf(jwk), jwk, signsFrom, NOW.plus(Duration.ofDays(1)), Optional.of(purpose));
  }

  @Test
  void usesEachKeyForItsPurposeAlone() {
    assertThat(requireNonNull(ring.signerAt(NOW)).kid()).isEqualTo(context.kid());
    assertThat(requireNonNull(ring.messageSignerAt(NOW)).keyid()).isEqualTo(message.kid());
    assertThat(ring.loginKeyAt(NOW).orElseThrow().kid()).isEqualTo(login.kid());
    assertThat(ring.loginKey(message.kid())).isEmpty();
    assertThat(ring.loginKey(context.kid())).isEmpty();
  }

  @Test
  void hasNoKeyWhoseTimeHasNotCome() {
    Instant before = NOW.minusMillis(1);

    assertThat(ring.signerAt(before)).isNull();
    assertThat(ring.messageSignerAt(before)).isNull();
    assertThat(ring.loginKeyAt(before)).isEmpty();
  }

  @Test
  void takesTheNewestKeyWhoseTimeHasComeAndKeepsTheOthers() {
    EdgeSigningKey next =
        key(SigningKeys.generateSecret(), Purpose.LOGIN, NOW.plus(Duration.ofMinutes(1)));
    SigningKeyRing both = ring.with(next);

    assertThat(both.loginKeyAt(NOW).orElseThrow().kid()).isEqualTo(login.kid());
    assertThat(both.loginKeyAt(next.signsFrom()).orElseThrow().kid()).isEqualTo(next.kid());
    assertThat(both.loginKey(login.kid())).isPresent();
    assertThat(requireNonNull(both.messageSignerAt(next.signsFrom())).keyid())
        .isEqualTo(message.kid());
  }

  @Test
  void publishesContextAndMessageKeysAndNoSecret() {
    String jwks = ring.jwksAt(NOW);

    assertThat(new JsonObject(jwks).getJsonArray("keys"))
        .extracting(key -> ((JsonObject) key).getString("kid"))
        .containsExactlyInAnyOrder(context.kid(), message.kid());
    assertThat(jwks).doesNotContain("\"d\"", "\"k\"", "oct");
  }

  @Test
  void refusesAKeyThatIsNotOfTheKindOfItsPurpose() {
    String ec = SigningKeys.generate();
    String ed25519 = SigningKey.generateEd25519();
    String secret = SigningKeys.generateSecret();

    for (EdgeSigningKey wrong :
        List.of(
            key(ed25519, Purpose.CONTEXT, NOW),
            key(secret, Purpose.CONTEXT, NOW),
            key(ec, Purpose.MESSAGE, NOW),
            key(secret, Purpose.MESSAGE, NOW),
            key(ec, Purpose.LOGIN, NOW),
            key(ed25519, Purpose.LOGIN, NOW))) {
      assertThatThrownBy(() -> ring.with(wrong))
          .as(wrong.toString())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void keepsASecretToItself() {
    LoginKey key = ring.loginKeyAt(NOW).orElseThrow();
    byte[] taken = key.secret();
    taken[0]++;

    assertThat(key.secret()).hasSize(LoginKey.LENGTH).isNotEqualTo(taken);
    assertThat(key.toString()).isEqualTo("LoginKey[kid=" + login.kid() + "]");
  }
}
