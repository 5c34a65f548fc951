package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class HostHashTest {
  /** As CPython 3.11 hashes bytes: its SipHash-1-3 under the key of {@code PYTHONHASHSEED=7}. */
  @ParameterizedTest
  @CsvSource({
    "a, 58fddb5aae8c3c14",
    "a.b.com, 78652934ebd5e107",
    "acme.org, c61a733f17d450c6",
    "acme.example.com, 3ea7af1af9da59db",
    "shop.a-customer.example.com, b78ffa8eb97efee8"
  })
  void isSipHash13(String host, String expected) {
    HostHash hash = new HostHash(0x12c874a1806f0e3dL, 0x470a89d2f9d2784fL);

    assertThat(hash.of(host.getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(Long.parseUnsignedLong(expected, 16));
  }
}
