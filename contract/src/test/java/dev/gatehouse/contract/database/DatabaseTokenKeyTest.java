package dev.gatehouse.contract.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class DatabaseTokenKeyTest {
  private static final UUID TENANT = UUID.fromString("0197c0de-0000-7000-8000-000000000001");
  private static final Instant ENDS = Instant.parse("2026-11-28T15:00:00.999Z");

  private final byte[] secret = new byte[DatabaseTokenKey.LENGTH];
  private final DatabaseTokenKey key = new DatabaseTokenKey("k0000001", secret, "eu-1");

  @Test
  void hasTheFormThatTheDatabaseReads() throws Exception {
    String token = key.mint(TENANT, ENDS);

    assertThat(token)
        .hasSize(DatabaseTokenKey.TOKEN_LENGTH)
        .matches("[0-9a-z]+")
        .startsWith("gdt1k00000010197c0de000070008000000000000001");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    byte[] expected = mac.doFinal(("eu-1\0" + token.substring(0, 54)).getBytes(UTF_8));
    assertThat(token.substring(54)).isEqualTo(HexFormat.of().formatHex(expected));
    assertThat(token.substring(44, 54)).isEqualTo(String.valueOf(ENDS.getEpochSecond()));
  }

  @Test
  void mintsTheSameAgainAndAnotherForAnybodyElse() {
    String token = key.mint(TENANT, ENDS);

    assertThat(key.mint(TENANT, ENDS)).isEqualTo(token);
    assertThat(key.mint(UUID.randomUUID(), ENDS)).isNotEqualTo(token);
    assertThat(new DatabaseTokenKey("k0000001", secret, "eu-2").mint(TENANT, ENDS))
        .isNotEqualTo(token);
  }

  @Test
  void refusesWhatIsNoKey() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseTokenKey("K0000001", secret, "eu-1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseTokenKey("k0000001", new byte[31], "eu-1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseTokenKey("k0000001", secret, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseTokenKey("k0000001", secret, "a\0b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key.mint(TENANT, Instant.ofEpochSecond(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key.mint(TENANT, Instant.ofEpochSecond(10_000_000_000L)));
  }

  @Test
  void tellsNobodyItsSecret() {
    assertThat(key).hasToString("DatabaseTokenKey[k0000001]");
  }
}
