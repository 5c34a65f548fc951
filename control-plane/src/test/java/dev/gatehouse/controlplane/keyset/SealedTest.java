package dev.gatehouse.controlplane.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedTest {
  @Test
  void namesTheKeyAndReadsWhatItWrote() {
    byte[] bytes = {1, (byte) 0xfe, 0x0c, 0x6b, (byte) 0x8a, 'h', 'e', 'y'};
    String text = Sealed.CIPHERTEXT.write(bytes);
    assertThat(text).isEqualTo("gk1.fe0c6b8a.aGV5");
    assertThat(Sealed.CIPHERTEXT.read(text)).hasValue(bytes);
    assertThat(Sealed.SIGNATURE.read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gk1.",
        "gk1.fe0c6b8a",
        "gk1.fe0c6b8aXaGV5",
        "gk1.FE0C6B8A.aGV5",
        "gk1.fe0c6b8.aGV5",
        "gk1.fe0c6b8a.aGV5=",
        "gk1.fe0c6b8a.aGV5====",
        "gk1.fe0c6b8a.aGV",
        "gk1.fe0c6b8a.aG+5",
        "gk1.-e0c6b8a.aGV5",
        "gk2.fe0c6b8a.aGV5",
        "\u0000"
      })
  void readsNothingThatIsWrittenOtherwise(String text) {
    assertThat(Sealed.CIPHERTEXT.read(text)).isEmpty();
  }
}
