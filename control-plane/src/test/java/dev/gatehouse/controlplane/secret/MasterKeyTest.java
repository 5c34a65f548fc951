package dev.gatehouse.controlplane.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
  private static final byte[] SECRET = "w4ter".getBytes(UTF_8);

  private static byte[] bytesOf(int first) {
    byte[] key = new byte[MasterKey.LENGTH];
    key[0] = (byte) first;
    return key;
  }

  private static String textOf(int first) {
    return Base64.getEncoder().encodeToString(bytesOf(first));
  }

  @Test
  void opensWhatWasSealedBeforeThereWereFormerKeys() throws Exception {
    byte[] sealed = new AesGcmJce(bytesOf(1)).encrypt(SECRET, "a/1".getBytes(UTF_8));
    assertThat(MasterKey.parse(textOf(1)).open(sealed, "a/1")).isEqualTo(SECRET);
    assertThat(MasterKey.of(textOf(2), List.of(textOf(1))).open(sealed, "a/1")).isEqualTo(SECRET);
    assertThatIllegalStateException()
        .isThrownBy(() -> MasterKey.parse(textOf(2)).open(sealed, "a/1"));
  }

  @Test
  void sealsWithTheCurrentKeyAndOpensWithAll() {
    MasterKey old = MasterKey.parse(textOf(1));
    MasterKey both = MasterKey.of(textOf(2), List.of(textOf(1)));
    assertThat(both.open(old.seal(SECRET, "a/1"), "a/1")).isEqualTo(SECRET);
    byte[] sealed = both.seal(SECRET, "a/1");
    assertThat(sealed).startsWith(both.prefix());
    assertThat(MasterKey.parse(textOf(2)).open(sealed, "a/1")).isEqualTo(SECRET);
    assertThatIllegalStateException().isThrownBy(() -> old.open(sealed, "a/1"));
    assertThatIllegalStateException().isThrownBy(() -> both.open(sealed, "a/2"));
  }
}
