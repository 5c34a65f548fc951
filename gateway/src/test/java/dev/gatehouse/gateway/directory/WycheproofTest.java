package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.wycheproof.NeedsWycheproof;
import dev.gatehouse.contract.wycheproof.WycheproofVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fingerprints of hosts. All vectors fit. */
@Timeout(60)
@NeedsWycheproof
class WycheproofTest {
  private static Stream<WycheproofVector> sipHash() {
    return WycheproofVector.allOf("siphashx_2_4_test.json");
  }

  @ParameterizedTest
  @MethodSource("sipHash")
  void isSipHash24With128Bits(WycheproofVector vector) {
    ByteBuffer key = littleEndian(vector.bytes("key"));
    ByteBuffer tag = littleEndian(vector.bytes("tag"));

    assertThat(new HostHash(key.getLong(), key.getLong()).of(vector.bytes("msg")))
        .isEqualTo(new Fingerprint(tag.getLong(), tag.getLong()));
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
