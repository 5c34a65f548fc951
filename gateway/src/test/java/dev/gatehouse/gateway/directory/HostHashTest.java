package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class HostHashTest {
  /** The vectors of the reference implementation: bytes 0, 1, 2 and so on under such a key. */
  @ParameterizedTest
  @CsvSource({
    "0, a3817f04ba25a8e66df67214c7550293",
    "1, da87c1d86b99af44347659119b22fc45",
    "7, a1f1ebbed8dbc153c0b84aa61ff08239",
    "8, 3b62a9ba6258f5610f83e264f31497b4",
    "9, 264499060ad9baabc47f8b02bb6d71ed",
    "15, 5493e99933b0a8117e08ec0f97cfc3d9",
    "16, 6ee2a4ca67b054bbfd3315bf85230577",
    "63, 5150d1772f50834a503e069a973fbd7c"
  })
  void isSipHash24With128Bits(int length, String expected) {
    HostHash hash = new HostHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) i;
    }

    Fingerprint fingerprint = hash.of(text);

    assertThat(
            HexFormat.of().toHexDigits(Long.reverseBytes(fingerprint.first()))
                + HexFormat.of().toHexDigits(Long.reverseBytes(fingerprint.second())))
        .isEqualTo(expected);
  }
}
